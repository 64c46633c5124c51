import django.core.validators
import networks.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('insee', models.CharField(max_length=5, unique=True, validators=[django.core.validators.RegexValidator('^([0-9]{2}|2[AB])[0-9]{3}\\Z', '%(value)r is not an INSEE code such as 75056 or 2A004.')], verbose_name='INSEE code')),
                ('name', models.CharField(max_length=200)),
                ('geometry', networks.fields.GeometryField()),
            ],
            options={
                'db_table': 'communes',
                'ordering': ['insee'],
            },
        ),
        migrations.CreateModel(
            name='HeatNetwork',
            fields=[
                ('id_fcu', models.AutoField(primary_key=True, serialize=False)),
                ('sncu', models.CharField(max_length=10, unique=True, validators=[django.core.validators.RegexValidator('^[0-9]{4,6}C\\Z', '%(value)r is not the SNCU number of a heat network, such as 9209C.')], verbose_name='SNCU number')),
                ('name', models.CharField(blank=True, default='', max_length=500)),
                ('manager', models.CharField(blank=True, default='', max_length=500)),
                ('taux_enrr', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='renewable and recovered heat, %')),
                ('url', models.URLField(blank=True, default='', max_length=500)),
                ('geometry', networks.fields.GeometryField(null=True)),
            ],
            options={
                'db_table': 'heat_networks',
                'ordering': ['sncu'],
            },
        ),
    ]
