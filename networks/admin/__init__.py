from networks.admin import places, updates

__all__ = ["places", "updates"]
