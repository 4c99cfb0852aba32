"""The names that air-defence questions may use; imports nothing heavy, so that a wrong one is refused at once."""

from dataclasses import dataclass

from analysis.case_in_use import Names


@dataclass(frozen=True)
class ThreatClass:
    """A class of threats: all that tells one from another but its properties, which stand in ``air_defence/threats``.

    Attributes
    ----------
    words, short : str
        What a reader sees, and where there is little room.
    flies_level : bool
        Crosses a defence's range level, as aircraft do; else it comes down from above.
    """

    words: str
    short: str
    flies_level: bool = False


THREATS = {
    "mortar_rocket": ThreatClass("Mortar and rocket artillery", "Mortars, rockets"),
    "owa_drone": ThreatClass("One-way attack drone", "One-way drones", flies_level=True),
    "subsonic_cm": ThreatClass("Subsonic cruise missile", "Cruise, subsonic", flies_level=True),
    "supersonic_cm": ThreatClass("Supersonic cruise missile", "Cruise, supersonic", flies_level=True),
    "tactical_aircraft": ThreatClass("Tactical aircraft", "Aircraft", flies_level=True),
    "crbm": ThreatClass("Close-range ballistic missile", "Ballistic, close"),
    "srbm": ThreatClass("Short-range ballistic missile", "Ballistic, short"),
    "mrbm": ThreatClass("Medium-range ballistic missile", "Ballistic, medium"),
    "irbm": ThreatClass("Intermediate-range ballistic missile", "Ballistic, interm."),
    "hgv": ThreatClass("Hypersonic glide vehicle", "Glide vehicles"),
}
THREAT_CLASSES = {name: threat.words for name, threat in THREATS.items()}
ARCHITECTURES = Names(
    "architectures",
    {
        "israel_2025": "Israel, 2025",
        "taiwan_pre_tdome": "Taiwan before T-Dome",
        "taiwan_tdome_planned": "Taiwan with T-Dome as planned",
        "south_korea_kamd": "South Korea (KAMD)",
        "usa_guam": "USA, defence of Guam",
        "nato_essi": "European Sky Shield (ESSI)",
    },
)
RAIDS = Names(
    "raids",
    {
        "rocket_barrage": "Rocket barrage",
        "drone_wave": "Drone wave",
        "mixed": "Mixed raid",
        "ballistic": "Ballistic raid",
        "large_mixed": "Large mixed raid",
        "upper_tier": "Upper-tier raid",
    },
)
"""Named raids; all are notional."""
PROGRAMME_STATES = {
    "fielded": "fielded",
    "funded": "funded, not fielded",
    "announced": "announced only",
}
"""How far a system of an architecture is: it stands; a contract, budget or act pays for it; or it is only planned."""
PREDECESSOR = "predecessor"
"""Reserve of a row that stands for what came before a system; no architecture that builds on it keeps that row."""
WARS = {
    "gulf_1991": "Gulf War, 1991",
    "gaza": "Gaza, 2012 to 2023",
    "ukraine": "Ukraine, from 2022",
    "iran_israel": "Iran and Israel, 2024 and 2025",
    "iran_gulf_2026": "Iran and the Gulf states, 2026",
}
"""Wars of the raids that happened."""
FAMILIES = {
    "owa_drone": "One-way attack drones",
    "subsonic_cm": "Subsonic cruise missiles",
    "srbm": "Short-range ballistic missiles",
    "supersonic_cm": "Supersonic cruise missiles",
    "aeroballistic": "Air-launched ballistic missiles (Kinzhal)",
    "sam_on_ground": "Surface-to-air missiles fired at the ground (S-300, S-400)",
}
"""Families of weapons in the Ukrainian reports: threat classes, and two with rates unlike their nearest class."""
PREDICTED_FAMILIES = ("owa_drone", "subsonic_cm", "srbm")
"""Families with enough nights to be predicted, each a threat class."""
DEFINITIONS = {
    "destroyed_or_lost": "destroyed, or lost on the way (mostly jammed)",
    "destroyed": "destroyed, as the report says",
}
"""What counts as stopped in a report; the second changes its meaning on 24 July 2025."""
LEFT_OUT = ("several_classes", "not_a_raid", "unknown")
"""Why a weapon model has no family: merged with another class, reconnaissance or a front-line weapon, not known."""
STAGES = {
    "announced": "Announced",
    "estimated": "Estimated",
    "notified": "Notified to the US Congress",
    "requested": "Requested",
    "budgeted": "Budgeted",
    "enacted": "Enacted",
    "contracted": "Contracted",
    "delivered": "Delivered",
}
"""Stages of a purchase, as far as the words of a source say; an estimate is nobody's decision."""
SPEAKERS = {
    "defender": "the defending side",
    "defender_later": "the defending side, once more after an earlier count of its own",
    "supplier": "the maker of the defence, or its state",
    "attacker": "the attacking side",
    "independent": "an audit or analysis of others",
    "press": "press, open compilations, or sources that are not named",
    "not_stated": "the row does not say",
}
"""Who speaks in a count of an engagement, as far as the row's own words say."""
PRICE_BASES = ("domestic", "export", "package", "guess")
"""Kinds of price: paid by the maker's own state, paid by another, with launchers or support, or nobody's contract."""
BUYERS = {"TWN": "Taiwan", "DEU": "Germany", "USA": "the United States"}
"""States that pay a price, by the code of its row; another code stands for itself."""
SYSTEMS = Names(
    "systems",
    {
        "iron_dome": "Iron Dome",
        "iron_beam": "Iron Beam",
        "davids_sling": "David's Sling (Stunner / SkyCeptor)",
        "arrow_2": "Arrow 2",
        "arrow_3": "Arrow 3",
        "arrow_4": "Arrow 4",
        "israel_bmc": "National missile-defence battle management (Citron Tree / Golden Citron family)",
        "green_pine_radar": "EL/M-2080 Green Pine / Super Green Pine",
        "mmr_radar": "EL/M-2084 Multi-Mission Radar",
        "thaad": "THAAD",
        "patriot_pac2_gemt": "Patriot PAC-2 / GEM-T",
        "patriot_pac3_cri": "Patriot PAC-3 CRI",
        "patriot_pac3_mse": "Patriot PAC-3 MSE",
        "sky_bow_1": "Sky Bow I (Tien Kung I)",
        "sky_bow_2": "Sky Bow II (Tien Kung II)",
        "sky_bow_3": "Sky Bow III (Tien Kung III)",
        "sky_bow_4": "Strong Bow / Chiang Kung I (Tien Kung IV)",
        "sky_bow_5": "Chiang Kung IIA (Tien Kung V)",
        "land_sword_2": "Land-based Sky Sword II (TC-2 / Antelope follow-on)",
        "antelope": "Antelope (Sky Sword I)",
        "skyguard": "Skyguard (35 mm guns and ground Sparrow)",
        "nasams_taiwan": "NASAMS in Taiwan's order (AMRAAM-ER)",
        "avenger": "Avenger (Stinger)",
        "t_dome": "T-Dome (Taiwan Shield)",
        "ibcs": "Integrated Battle Command System",
        "samp_t": "SAMP/T (Aster 30)",
        "iris_t_slm": "IRIS-T SLM",
        "s_400": "S-400 Triumf",
        "sm_3": "Aegis SM-3",
        "sm_6": "Aegis SM-6",
        "km_sam_2": "KM-SAM Block II (Cheongung II)",
        "l_sam": "L-SAM",
        "hq_9b": "HQ-9B",
        "nasams_intl": "NASAMS (other operators)",
    },
)
CAPABILITIES = ("primary", "secondary", "limited", "none")
LAYERS = ("very_short", "short", "medium", "long", "upper_endo", "exo", "not_applicable")
FIRES_NOTHING = "not_applicable"
"""Mechanism of a sensor or of a command network."""
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True)
class Doctrine:
    """How a layer fires its shots at one threat: all that tells one shot doctrine from another.

    Attributes
    ----------
    words : str
        What a reader sees; ``{shots}`` stands for the number.
    salvo : int
        Interceptors that are fired before a look at what they did; 0 fires all at once.
    """

    words: str
    salvo: int = 0

    def salvos(self, shots: int) -> list[int]:
        """Sizes of the salvos, the first one first.

        Examples
        --------
        >>> DOCTRINES["barrage"].salvos(3), DOCTRINES["shoot-look-shoot"].salvos(3)
        ([3], [1, 1, 1])
        """
        size = self.salvo or max(1, shots)
        return [min(size, shots - fired) for fired in range(0, shots, size)]


DOCTRINES = {
    "barrage": Doctrine("Barrage of {shots}"),
    "shoot-look-shoot": Doctrine("Shoot-look-shoot, up to {shots}", salvo=1),
}
DISTRIBUTIONS = ("uniform", "triangular", "pert")
"""Laws of an input by name, over its low, best and high value; besides them stands beta(a,b), by its exponents."""
TRACK_SCOPES = ("layer", "threat", "raid")
COVERAGE_SCOPES = ("layer", "place")
"""What covers a threat: each layer that it meets for itself, or the place that it flies to, for all local layers."""
ALLOTMENTS = ("proportional", "ballistic_first", "shared")
"""Who gets the rounds of a magazine: classes in proportion, ballistic ones what they may need first, or who comes."""
IGNORANCE = ("apart", "together")
"""Whether kill probabilities that nobody knows are drawn each for itself, or all by one common cause."""
INPUTS = ("calibrated", "assumed")
"""Where the inputs that all systems share come from: fitted to raids that happened, or stated assumptions alone."""
WAR_LEVELS = ("common", "new_war")
"""What a fitted input stands for: the level that all wars share, or a war that nobody has seen."""
