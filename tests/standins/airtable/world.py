"""A made-up base with a field of each type."""

from urllib.parse import quote

from standins.airtable import BASE

NAME = "FCU - Réseaux de chaleur"
COLD = "FCU - Réseaux de froid"
HEAT = f"{BASE}/{quote(NAME, safe='')}"
SCHEMA = [
    {
        "name": NAME,
        "fields": [
            {"name": "id_fcu", "type": "number", "options": {"precision": 0}},
            {"name": "Gestionnaire", "type": "singleLineText"},
            {"name": "informations", "type": "multilineText"},
            {"name": "site", "type": "url"},
            {"name": "contact", "type": "email"},
            {"name": "Taux EnR&R", "type": "percent"},
            {"name": "prix", "type": "currency"},
            {"name": "has_PDP", "type": "checkbox"},
            {"name": "date_trace", "type": "date"},
            {"name": "vu_le", "type": "dateTime"},
            {
                "name": "énergie",
                "type": "singleSelect",
                "options": {"choices": [{"name": "bois"}, {"name": "gaz"}]},
            },
            {
                "name": "communes",
                "type": "multipleSelects",
                "options": {"choices": [{"name": "Lille"}, {"name": "Lomme"}]},
            },
            {"name": "fichiers", "type": "multipleAttachments"},
            {"name": "calcul", "type": "formula"},
        ],
    },
    {
        "id": "tblFroid000000001",
        "name": COLD,
        "fields": [
            {"id": "fldFroid000000001", "name": "id_fcu", "type": "number"},
            {"id": "fldFroid000000002", "name": "nom/réseau", "type": "singleLineText"},
        ],
    },
]
NOT_FOUND = {"error": "NOT_FOUND"}
INVALID_REQUEST = {
    "error": {
        "type": "INVALID_REQUEST_UNKNOWN",
        "message": "Invalid request: parameter validation failed. Check your request data.",
    }
}
FORBIDDEN = {
    "error": {
        "type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "message": (
            "Invalid permissions, or the requested model was not found. Check that both your "
            "user and your token have the required permissions, and that the model names and/or "
            "ids are correct."
        ),
    }
}
TOO_FAST = {
    "errors": [
        {
            "error": "RATE_LIMIT_REACHED",
            "message": "Rate limit exceeded. Please try again later",
        }
    ]
}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def unknown_field(name):
    return {"error": {"type": "UNKNOWN_FIELD_NAME", "message": f'Unknown field name: "{name}"'}}


def invalid_value(name):
    message = f'Field "{name}" cannot accept the provided value'
    return {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": message}}


def fields_of(answer):
    """The cells of each record of an answer."""
    assert answer.status_code == 200, answer.text
    return [record["fields"] for record in answer.json()["records"]]
