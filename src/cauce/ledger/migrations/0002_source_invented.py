from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        # Every source recorded so far holds «no», as the journal spells it.
        migrations.AddField(
            model_name='source',
            name='invented',
            field=models.TextField(blank=True, default='no'),
        ),
        migrations.AlterField(
            model_name='source',
            name='invented',
            field=models.TextField(blank=True, default=''),
        ),
    ]
