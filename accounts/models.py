from django.contrib.auth.models import AbstractUser
from django.db import models
from uuid_utils.compat import uuid7


class User(AbstractUser):
    """A person who signs in. The UUID key is what the jobs API calls userId."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
