"""What all requests about eligibility tests have in common."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ParseError
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from pro_eligibility.api.body_size import check_size
from pro_eligibility.api.parameters import asked
from pro_eligibility.api.problems import problem_details
from pro_eligibility.models import EligibilityTest


class OwnerChanges(BasePermission):
    """What an administrator may do to another's test is in the admin: purge it, end its job."""

    message = "Only its owner changes a test."

    def has_object_permission(self, request: Request, view: Any, test: EligibilityTest) -> bool:
        return request.method in SAFE_METHODS or test.user_id == request.user.pk


class TestAPI(GenericAPIView[EligibilityTest]):
    """Owners see their own tests, administrators all; another's, or a deleted one, is not found.

    Only the owner changes it.
    """

    queryset = EligibilityTest.objects.all()  # of the schema
    permission_classes = [IsAuthenticated, OwnerChanges]
    # Forms too, because a client without anything to say may say it as an empty form.
    parser_classes = [JSONParser, MultiPartParser, FormParser]

    def takes_a_file(self) -> bool:
        return False

    def takes_parameters(self) -> bool:
        return False

    def get_queryset(self) -> QuerySet[EligibilityTest]:
        tests = EligibilityTest.objects.visible_to(self.request.user)
        return tests.select_related("job").defer("job__data", "job__result", "job__errors")

    def get_exception_handler(self) -> Any:
        return problem_details

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anything reads the body, as the check of a form's CSRF token does.
        check_size(request, takes_a_file=self.takes_a_file())
        super().initial(request, *args, **kwargs)
        if not self.takes_parameters():
            asked(request.query_params)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        # Addresses of persons: no cache on the way keeps them.
        final["Cache-Control"] = "private, no-store"
        return final

    def refuse_content(self) -> None:
        if self.request.data:
            raise ParseError("This request takes no content; send an empty body.")
