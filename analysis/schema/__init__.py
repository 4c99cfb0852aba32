"""What each table of the data folder may hold: one pandera schema a table."""

from analysis.schema.air_defence import AIR_DEFENCE
from analysis.schema.columns import Table
from analysis.schema.recognition import RECOGNITION
from analysis.schema.shared import GEOGRAPHY, SHARED

TABLES: dict[str, Table] = {
    definition.name: definition for definition in (*SHARED, *AIR_DEFENCE, *RECOGNITION, *GEOGRAPHY)
}

__all__ = ["TABLES", "Table"]
