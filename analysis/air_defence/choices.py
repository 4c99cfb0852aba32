"""The names that air-defence questions may use; imports nothing, so that a wrong one is refused at once."""

THREAT_CLASSES = {
    "mortar_rocket": "Mortar and rocket artillery",
    "owa_drone": "One-way attack drone",
    "subsonic_cm": "Subsonic cruise missile",
    "supersonic_cm": "Supersonic cruise missile",
    "tactical_aircraft": "Tactical aircraft",
    "crbm": "Close-range ballistic missile",
    "srbm": "Short-range ballistic missile",
    "mrbm": "Medium-range ballistic missile",
    "irbm": "Intermediate-range ballistic missile",
    "hgv": "Hypersonic glide vehicle",
}
ARCHITECTURES = {
    "israel_2025": "Israel, 2025",
    "taiwan_pre_tdome": "Taiwan before T-Dome",
    "taiwan_tdome_planned": "Taiwan with T-Dome as planned",
    "south_korea_kamd": "South Korea (KAMD)",
    "usa_guam": "USA, defence of Guam",
    "nato_essi": "European Sky Shield (ESSI)",
}
RAIDS = {
    "rocket_barrage": "Rocket barrage",
    "drone_wave": "Drone wave",
    "mixed": "Mixed raid",
    "ballistic": "Ballistic raid",
    "large_mixed": "Large mixed raid",
    "upper_tier": "Upper-tier raid",
}
"""Named raids; all are notional."""
CAPABILITIES = ("primary", "secondary", "limited", "none")
LAYERS = ("very_short", "short", "medium", "long", "upper_endo", "exo", "not_applicable")
CONFIDENCES = ("low", "medium", "high")
DOCTRINES = ("barrage", "shoot-look-shoot")
TRACK_SCOPES = ("layer", "threat", "raid")
