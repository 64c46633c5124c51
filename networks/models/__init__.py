from networks.models.commune import Commune
from networks.models.network import ColdNetwork, HeatNetwork, NetworkUnderConstruction
from networks.models.perimeter import DevelopmentPerimeter
from networks.models.revision import Revision
from networks.models.update import GeometryUpdate

__all__ = [
    "ColdNetwork",
    "Commune",
    "DevelopmentPerimeter",
    "GeometryUpdate",
    "HeatNetwork",
    "NetworkUnderConstruction",
    "Revision",
]
