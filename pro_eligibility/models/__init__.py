from pro_eligibility.models.address_row import AddressRow, Outcome, Reason, State
from pro_eligibility.models.assessment import Assessment
from pro_eligibility.models.eligibility_test import EligibilityTest
from pro_eligibility.models.upload import Upload

__all__ = [
    "AddressRow",
    "Assessment",
    "EligibilityTest",
    "Outcome",
    "Reason",
    "State",
    "Upload",
]
