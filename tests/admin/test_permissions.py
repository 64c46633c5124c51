"""Who sees the pages, and that nobody can edit there."""

import pytest
from django.test import Client

from tests.admin.conftest import LIST, SignIn, page_of
from tests.factories import JobFactory, UserFactory, WorkerFactory


def test_the_jobs_need_permission_to_view_them(sign_in: SignIn) -> None:
    job = JobFactory()
    client = sign_in("retry_job", "cancel_job")

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(job)).status_code == 403


def test_the_workers_need_permission_to_view_them(sign_in: SignIn) -> None:
    assert sign_in("view_job").get("/admin/jobs/worker/").status_code == 403


def test_the_public_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(LIST)["Location"] == f"/admin/login/?next={LIST}"


@pytest.fixture
def superuser(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", ["job", "worker"])
@pytest.mark.parametrize("page", ["add/", "{id}/delete/"])
def test_not_even_a_superuser_adds_or_deletes(superuser: Client, model: str, page: str) -> None:
    row = {"job": JobFactory, "worker": WorkerFactory}[model]()
    address = f"/admin/jobs/{model}/{page.format(id=row.pk)}"

    assert superuser.get(address).status_code == 403
    assert superuser.post(address, {"post": "yes"}).status_code == 403


def test_not_even_a_superuser_changes_a_job(superuser: Client) -> None:
    job = JobFactory()

    response = superuser.post(page_of(job), {"type": "other", "priority": "9"})

    assert response.status_code == 405
    job.refresh_from_db()
    assert job.type == "probe"


def test_not_even_a_superuser_changes_a_worker(superuser: Client) -> None:
    worker = WorkerFactory(slots=2)

    response = superuser.post(f"/admin/jobs/worker/{worker.pk}/change/", {"slots": "9"})

    assert response.status_code == 403
    worker.refresh_from_db()
    assert worker.slots == 2


def test_deleting_is_no_action_of_the_list(superuser: Client) -> None:
    JobFactory()

    assert "delete_selected" not in superuser.get(LIST).content.decode()
