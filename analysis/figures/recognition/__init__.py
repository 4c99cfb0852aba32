"""For each recognition question: one plot, and one describing sentence with its numbers."""

from analysis.figures.recognition.agreement import describe_agreement, plot_agreement_by_partner
from analysis.figures.recognition.claimants import describe_relations, plot_relations_by_claimant
from analysis.figures.recognition.co_recognition import (
    describe_answers,
    describe_both,
    plot_answers_by_side,
    plot_both_by_pair,
    table_of_answers,
    table_of_associations,
)
from analysis.figures.recognition.counts import describe_count, plot_count_by_rule, table_of_differences
from analysis.figures.recognition.dossier import (
    describe_country,
    rows_or_nothing,
    show_received,
    table_of_disputes,
    table_of_members,
)
from analysis.figures.recognition.endings import (
    describe_close_pairs,
    describe_endings,
    plot_close_pairs_by_test,
    plot_endings_by_group,
)
from analysis.figures.recognition.exchanges import (
    describe_exchanges,
    plot_exchanges_by_level,
    table_of_exchanges,
)
from analysis.figures.recognition.neighbours import describe_neighbours, plot_answers_by_neighbour
from analysis.figures.recognition.partner import describe_offices, describe_partner
from analysis.figures.recognition.plane import describe_plane, plot_answers_on_plane
from analysis.figures.recognition.profiles import (
    describe_profiles,
    name_profiles,
    plot_profiles_by_cluster,
    profile_colours,
    table_of_profiles,
)
from analysis.figures.recognition.reviews import table_of_statements
from analysis.figures.recognition.shared import describe_shared, plot_shared_by_pair
from analysis.figures.recognition.status import (
    describe_recognisers,
    status_colours,
    table_of_recognisers,
    title_status,
)
from analysis.figures.recognition.survival import (
    describe_incidence,
    describe_survival,
    plot_incidence_by_reason,
    plot_survival_by_group,
)
from analysis.figures.recognition.switching import (
    describe_overlaps,
    describe_switches,
    describe_ties_by_switcher,
    plot_overlap_by_state,
    plot_switches_by_year,
    plot_ties_by_switcher,
    table_of_switches,
)
from analysis.figures.recognition.ties import (
    describe_ties,
    plot_ties_by_entity,
    table_of_acts,
    title_history,
    title_ties,
)
from analysis.figures.recognition.votes import describe_votes, table_of_votes
from analysis.figures.recognition.waves import (
    describe_changes,
    describe_shares,
    plot_changes_by_region,
    plot_share_by_organisation,
)
from analysis.figures.recognition.words import find_limits, show_warnings

__all__ = [
    "describe_agreement",
    "describe_answers",
    "describe_both",
    "describe_changes",
    "describe_close_pairs",
    "describe_count",
    "describe_country",
    "describe_endings",
    "describe_exchanges",
    "describe_incidence",
    "describe_neighbours",
    "describe_offices",
    "describe_overlaps",
    "describe_partner",
    "describe_plane",
    "describe_profiles",
    "describe_recognisers",
    "describe_relations",
    "describe_shared",
    "describe_shares",
    "describe_survival",
    "describe_switches",
    "describe_ties",
    "describe_ties_by_switcher",
    "describe_votes",
    "find_limits",
    "name_profiles",
    "plot_agreement_by_partner",
    "plot_answers_by_neighbour",
    "plot_answers_by_side",
    "plot_answers_on_plane",
    "plot_both_by_pair",
    "plot_changes_by_region",
    "plot_close_pairs_by_test",
    "plot_count_by_rule",
    "plot_endings_by_group",
    "plot_exchanges_by_level",
    "plot_incidence_by_reason",
    "plot_overlap_by_state",
    "plot_profiles_by_cluster",
    "plot_relations_by_claimant",
    "plot_share_by_organisation",
    "plot_shared_by_pair",
    "plot_survival_by_group",
    "plot_switches_by_year",
    "plot_ties_by_entity",
    "plot_ties_by_switcher",
    "profile_colours",
    "rows_or_nothing",
    "show_received",
    "show_warnings",
    "status_colours",
    "table_of_acts",
    "table_of_answers",
    "table_of_associations",
    "table_of_differences",
    "table_of_disputes",
    "table_of_exchanges",
    "table_of_members",
    "table_of_profiles",
    "table_of_recognisers",
    "table_of_statements",
    "table_of_switches",
    "table_of_votes",
    "title_history",
    "title_status",
    "title_ties",
]
