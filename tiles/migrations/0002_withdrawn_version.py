from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tiles", "0001_tilesets")]

    operations = [
        migrations.AddField(
            model_name="tilesetpointer",
            name="withdrawn_version",
            field=models.IntegerField(default=0),
        ),
    ]
