"""What the heat of a network is made from, energy by energy."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.models.optional import figure


class Production(models.Model):
    """How much heat each energy gives in a year."""

    prod_mwh_gaz_naturel = figure(_("natural gas, MWh"))
    prod_mwh_charbon = figure(_("coal, MWh"))
    prod_mwh_fioul_domestique = figure(_("heating oil, MWh"))
    prod_mwh_fioul_lourd = figure(_("heavy fuel oil, MWh"))
    prod_mwh_gpl = figure(_("liquefied petroleum gas, MWh"))
    prod_mwh_biomasse_solide = figure(_("solid biomass, MWh"))
    prod_mwh_dechets_internes = figure(_("waste of its own, MWh"))
    prod_mwh_uiom = figure(_("waste incineration, MWh"))
    prod_mwh_biogaz = figure(_("biogas, MWh"))
    prod_mwh_geothermie = figure(_("geothermal energy, MWh"))
    prod_mwh_pac = figure(_("heat pumps, MWh"))
    prod_mwh_solaire_thermique = figure(_("solar heat, MWh"))
    prod_mwh_chaleur_industrielle = figure(_("industrial heat, MWh"))
    prod_mwh_autre_chaleur_recuperee = figure(_("other recovered heat, MWh"))
    prod_mwh_chaudieres_electriques = figure(_("electric boilers, MWh"))
    prod_mwh_autres = figure(_("others, MWh"))
    prod_mwh_autres_enr = figure(_("other renewables, MWh"))

    class Meta:
        abstract = True


class Power(models.Model):
    """How much each energy can give at once."""

    puissance_mw_gaz_naturel = figure(_("natural gas, MW"))
    puissance_mw_charbon = figure(_("coal, MW"))
    puissance_mw_fioul_domestique = figure(_("heating oil, MW"))
    puissance_mw_fioul_lourd = figure(_("heavy fuel oil, MW"))
    puissance_mw_gpl = figure(_("liquefied petroleum gas, MW"))
    puissance_mw_biomasse_solide = figure(_("solid biomass, MW"))
    puissance_mw_dechets_internes = figure(_("waste of its own, MW"))
    puissance_mw_uiom = figure(_("waste incineration, MW"))
    puissance_mw_biogaz = figure(_("biogas, MW"))
    puissance_mw_geothermie = figure(_("geothermal energy, MW"))
    puissance_mw_pac = figure(_("heat pumps, MW"))
    puissance_mw_solaire_thermique = figure(_("solar heat, MW"))
    puissance_mw_chaleur_industrielle = figure(_("industrial heat, MW"))
    puissance_mw_autre_chaleur_recuperee = figure(_("other recovered heat, MW"))
    puissance_mw_chaudieres_electriques = figure(_("electric boilers, MW"))
    puissance_mw_autres = figure(_("others, MW"))
    puissance_mw_autres_enr = figure(_("other renewables, MW"))

    class Meta:
        abstract = True
