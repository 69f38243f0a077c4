"""The constants behind the numbers that no source states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecast.summary.contract import Summary


def policy_notes(summary: Summary) -> Iterator[str]:
    """Yield the policy that the run used, in words."""
    used = summary.provenance.policy
    if grades := used.get("grades"):
        yield f"grades {_listed(grades['letters'])}, {_listed(grades['digits'])}"
    if speakers := used.get("experts"):
        yield (
            f"speakers not under `experts`: shift {speakers['shift']:g}, "
            f"scatter {speakers['scatter']:g} logits"
        )
    if "disagreement" in used:
        yield f"disagreement in pools: half-normal, scale {used['disagreement']:g} logits"
    if "discount" in used:
        yield f"base rates that state none: discount {used['discount']:g}"
    for word, (median, low, high) in used.get("multipliers", {}).items():
        yield f"`{word}`: x{median:.2g} ({low:.2g}..{high:.2g})"


def _listed(values: Mapping[str, float]) -> str:
    return " ".join(f"{key} {f'{value:g}'.removeprefix('0')}" for key, value in values.items())
