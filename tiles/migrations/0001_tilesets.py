import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Tileset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=100)),
                ('version', models.IntegerField()),
                ('built_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('features', models.BigIntegerField()),
                ('tiles', models.BigIntegerField(default=0)),
                ('bytes', models.BigIntegerField(default=0)),
                ('min_zoom', models.SmallIntegerField()),
                ('max_zoom', models.SmallIntegerField()),
                ('bounds', models.JSONField()),
                ('vector_layers', models.JSONField()),
            ],
            options={
                'db_table': 'tilesets',
                'permissions': [('restore_tileset', 'Can put back a tileset')],
                'constraints': [models.UniqueConstraint(fields=('source', 'version'), name='tilesets_one_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('pk', models.CompositePrimaryKey('tileset', 'z', 'x', 'y', blank=True, editable=False, primary_key=True, serialize=False)),
                ('z', models.SmallIntegerField()),
                ('x', models.IntegerField()),
                ('y', models.IntegerField()),
                ('data', models.BinaryField()),
                ('tileset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tiles.tileset')),
            ],
            options={
                'db_table': 'tiles',
            },
        ),
        # Tiles are gzipped: trying to compress them again costs time and gains nothing.
        migrations.RunSQL(
            "ALTER TABLE tiles ALTER COLUMN data SET STORAGE EXTERNAL",
            "ALTER TABLE tiles ALTER COLUMN data SET STORAGE EXTENDED",
        ),
        migrations.CreateModel(
            name='TilesetPointer',
            fields=[
                ('source', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('switched_at', models.DateTimeField(null=True)),
                ('last_version', models.IntegerField(default=0)),
                ('tileset', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pointer', to='tiles.tileset')),
            ],
            options={
                'db_table': 'tileset_pointers',
            },
        ),
    ]
