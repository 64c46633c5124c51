"""The form that asks for a geometry update."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.errors import NetworksError
from networks.kinds import PLACED_KINDS
from networks.models import GeometryUpdate
from networks.requests import Action, no_target, planned


class GeometryUpdateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Kind, action and target, with the geometry as a file or as text."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=[(n, n) for n in PLACED_KINDS])
    target = forms.IntegerField(
        label=gettext_lazy("number"),
        required=False,
        min_value=1,
        help_text=gettext_lazy(
            "The id_fcu of what is changed or deleted. What is created gets one if none is given."
        ),
    )
    attributes = forms.JSONField(
        label=gettext_lazy("attributes"),
        required=False,
        initial=dict,
        help_text=gettext_lazy('Of what is created, such as {"sncu": "9209C"}.'),
    )
    geometry_file = forms.FileField(
        label=gettext_lazy("geometry, as a file"),
        required=False,
        help_text=gettext_lazy("GeoJSON, GeoPackage, FlatGeobuf or a zipped shapefile."),
    )
    geometry_text = forms.CharField(
        label=gettext_lazy("geometry, as GeoJSON"), required=False, widget=forms.Textarea
    )

    class Meta:
        model = GeometryUpdate
        fields = ["kind", "action", "target", "attributes"]

    def clean(self) -> dict[str, Any]:
        """Look through the whole; instead of the constraints, which know less of it."""
        given = self.cleaned_data
        if given.get("target", 0) is None and given.get("action") in (Action.CHANGE, Action.DELETE):
            # Of the field, so that the constraint does not say it again.
            self.add_error("target", no_target(given["action"]))
        if self.errors:
            return given
        with TemporaryDirectory() as folder:
            try:
                plan = planned(
                    given["kind"],
                    given["action"],
                    target=given["target"],
                    geometry=self._geometry(Path(folder)),
                    attributes=given["attributes"],
                )
            except NetworksError as error:
                # A file is known by its own name, not by where it lies for a moment.
                raise forms.ValidationError(str(error).replace(f"{folder}/", "")) from None
        self.instance.geometry = plan.geometry
        return {**given, "target": plan.target, "attributes": plan.attributes}

    def _geometry(self, folder: Path) -> Path | str | None:
        """What was handed in; a file lies in the folder, for GDAL reads no others."""
        file, text = self.cleaned_data["geometry_file"], self.cleaned_data["geometry_text"]
        if file and text:
            raise forms.ValidationError(_("Give the geometry as a file or as text, not both."))
        return kept(file, folder) if file else text or None


def kept(file: "UploadedFile[Any]", folder: Path) -> Path:
    path = folder / Path(file.name or "geometry").name
    with path.open("wb") as copy:
        copy.writelines(file.chunks())
    return path
