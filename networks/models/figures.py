"""What is counted and measured of a network in service, as its manager declares it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.models.optional import count, figure, share, text


class Figures(models.Model):
    """How large a network is, how old and how clean."""

    taux_enrr = share(_("renewable and recovered heat, %"))
    contenu_co2 = figure(_("CO₂, kg/kWh"))
    contenu_co2_acv = figure(_("CO₂ over its life cycle, kg/kWh"))
    # More than 100 where meters of the plants and of the customers are read on different days.
    rend_percent = figure(_("yield, %"))
    annee_creation = count(_("year of creation"))
    # Beside length_m, which is that of the trace.
    longueur_reseau = figure(_("declared length, km"))
    nb_pdl = count(_("delivery points"))
    production_totale_mwh = figure(_("produced in all, MWh"))
    puissance_totale_mw = figure(_("power in all, MW"))

    class Meta:
        abstract = True


class Deliveries(models.Model):
    """Energy in a year, by who gets it."""

    livraisons_agriculture_mwh = figure(_("delivered to agriculture, MWh"))
    livraisons_autre_mwh = figure(_("delivered to others, MWh"))
    livraisons_industrie_mwh = figure(_("delivered to industry, MWh"))
    livraisons_residentiel_mwh = figure(_("delivered to housing, MWh"))
    livraisons_tertiaire_mwh = figure(_("delivered to services, MWh"))
    livraisons_totale_mwh = figure(_("delivered in all, MWh"))

    class Meta:
        abstract = True


class HeatFigures(models.Model):
    """What heat costs, and what carries it."""

    pm = figure(_("average price, €/MWh"))
    pm_l = figure(_("average price for housing, €/MWh"))
    pm_t = figure(_("average price for services, €/MWh"))
    pv_percent = share(_("variable part of the price, %"))
    pf_percent = share(_("fixed part of the price, %"))
    # New customers by those of the year before: more than 100 where a network doubles.
    dev_reseau_percent = figure(_("growth of the network, %"))
    eau_chaude = text(_("hot water"))
    eau_surchauffee = text(_("superheated water"))
    vapeur = text(_("steam"))

    class Meta:
        abstract = True
