"""The addresses of the pages, those to log in and to change the language included."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from pro_eligibility.pages.access import of_own_test, of_test
from pro_eligibility.pages.layout import layout_page
from pro_eligibility.pages.listing import list_tests
from pro_eligibility.pages.progress import progress_fragment
from pro_eligibility.pages.removal import delete_page, purge_page
from pro_eligibility.pages.results import save_threshold
from pro_eligibility.pages.row import row_page
from pro_eligibility.pages.settings import settings_page
from pro_eligibility.pages.show import cancel, results, show_test, start
from pro_eligibility.pages.upload import upload_page

of_one_test = [
    path("", require_safe(of_test(show_test)), name="eligibility-test"),
    path("layout/", of_test(layout_page), name="eligibility-test-layout"),
    path("start/", require_POST(of_test(start)), name="eligibility-test-start"),
    path("cancel/", require_POST(of_test(cancel)), name="eligibility-test-cancel"),
    path("progress/", require_safe(of_test(progress_fragment)), name="eligibility-test-progress"),
    path("results/", require_safe(of_test(results)), name="eligibility-test-results"),
    path("threshold/", require_POST(of_test(save_threshold)), name="eligibility-test-threshold"),
    path("rows/<int:number>/", require_safe(of_test(row_page)), name="eligibility-row"),
    path("settings/", of_own_test(settings_page), name="eligibility-test-settings"),
    path("delete/", of_own_test(delete_page), name="eligibility-test-delete"),
    path("purge/", of_own_test(purge_page), name="eligibility-test-purge"),
]

urlpatterns = [
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", include("django.conf.urls.i18n")),
    path("eligibility-tests/", list_tests, name="eligibility-tests"),
    path("eligibility-tests/new/", upload_page, name="eligibility-test-new"),
    path("eligibility-tests/<uuid:id>/", include(of_one_test)),
]
