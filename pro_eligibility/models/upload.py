"""The file as it was uploaded: web and worker share the database, not a disk."""

from django.db import models


class Upload(models.Model):
    """Kept until the test is purged, so that every row can be held against it."""

    test = models.OneToOneField(
        "pro_eligibility.EligibilityTest", models.CASCADE, primary_key=True, related_name="upload"
    )
    filename = models.CharField(max_length=255)
    content = models.BinaryField()
    size = models.IntegerField()  # bytes

    class Meta:
        db_table = "eligibility_test_uploads"

    def __str__(self) -> str:
        return self.filename
