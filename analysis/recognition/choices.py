"""The names that recognition questions may use; imports nothing, so that a wrong one is refused at once."""

ENTITIES = {
    "TWN": "Republic of China (Taiwan)",
    "CHN": "People's Republic of China",
    "ISR": "Israel",
    "PSE": "Palestine",
    "XKX": "Kosovo",
    "ESH": "Sahrawi Republic",
    "ABK": "Abkhazia",
    "OST": "South Ossetia",
    "NCY": "Northern Cyprus",
    "SOL": "Somaliland",
    "PMR": "Transnistria",
    "ARM": "Armenia",
    "CYP": "Cyprus",
    "KOR": "Republic of Korea",
    "PRK": "Democratic People's Republic of Korea",
}
KINDS = ("recognition", "relations")
ACTS = {
    "recognition": ("recognised", "suspended", "withdrew", "resumed"),
    "relations": ("established", "suspended", "ended", "resumed"),
}
STARTS = ("recognised", "established", "resumed")
ENDS = ("suspended", "withdrew", "ended")
END_REASONS = ("switch", "withdrawal", "suspension", "end_of_state", "union", "not_known")
RULES = {
    "net": "recognised and not withdrawn or suspended since",
    "gross": "recognised at any time up to that day",
    "undisputed": "as net, but a withdrawal that the other side disputes does not count",
}
MEMBERS = ("day", "today")
CONFIDENCES = ("low", "medium", "high")
PRECISIONS = ("day", "month", "year")
