"""Diplomatic recognition: from dated acts to spells, panels, and who recognises whom on a day."""
