"""Agent templates out of TOML: `[[templates]]` of a file, what they extend, and the built-in ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from robota_tui.agents import builtin
from robota_tui.agents.templates import AgentTemplate
from robota_tui.config.inclusion import include_system_message
from robota_tui.config.problems import nearest, printable
from robota_tui.config.validation import kind_of, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from robota_tui.config.known import KnownProviders
    from robota_tui.config.problems import KeyPath
    from robota_tui.config.source import Source


@dataclass(frozen=True, slots=True)
class PlacedTemplate:
    """A template, and where it stands, so that what is found out later can be reported there."""

    template: AgentTemplate
    source: Source
    path: KeyPath

    def report(self, key: str, message: str, suggestion: str = "") -> None:
        """Note a problem at a key of this template."""
        self.source.report((*self.path, key), message, suggestion)


def parse_templates(source: Source) -> list[PlacedTemplate]:
    """The `[[templates]]` of a file that are right in themselves; the others are reported to the source."""
    tables = source.data.get("templates", [])
    if not isinstance(tables, list):
        source.report(("templates",), f"must be tables like [[templates]], not {kind_of(tables)}")
        return []
    parsed = (_parse_template(table, source, ("templates", place)) for place, table in enumerate(tables))
    return [found for found in parsed if found is not None]


def parse_template_file(source: Source) -> list[PlacedTemplate]:
    """The same for a file that holds nothing but templates: any other key is reported."""
    for key in source.data:
        if key != "templates":
            source.report((key,), "unknown key", nearest(key, ["templates"]))
    return parse_templates(source)


def link_templates(
    layer: Iterable[PlacedTemplate], below: Mapping[str, AgentTemplate]
) -> dict[str, AgentTemplate]:
    """The templates of one layer by id, able to stand on those below it.

    Reported, and mended by leaving out as little as possible: a second template with the same id, an
    `extends` that names nothing, a cycle. A template that extends its own id stands on the one below.
    """
    placed: dict[str, PlacedTemplate] = {}
    for item in layer:
        first = placed.setdefault(item.template.id, item)
        if first is not item:
            item.report(
                "id", f'"{item.template.id}" is already defined {_where(first, item)}; this one is ignored'
            )
    for template_id, item in placed.items():
        placed[template_id] = _stand_on(item, below, placed)
    for template_id in tuple(placed):
        placed[template_id] = _without_cycle(placed[template_id], below, placed)
    return {template_id: item.template for template_id, item in placed.items()}


def with_known_providers(layer: Iterable[PlacedTemplate], known: KnownProviders) -> list[PlacedTemplate]:
    """The templates; one with a provider that cannot be used is reported, and goes without.

    Its model goes too, for another provider is not likely to have it.
    """
    return [_with_known_provider(item, known) for item in layer]


def _with_known_provider(item: PlacedTemplate, known: KnownProviders) -> PlacedTemplate:
    name = item.template.provider
    if name is None or name in known:
        return item
    message, suggestion = known.fault(name)
    item.report("provider", f"{message}; the default one is used", suggestion)
    return replace(item, template=item.template.model_copy(update={"provider": None, "model": None}))


def builtin_templates() -> dict[str, AgentTemplate]:
    """The templates that come with the program, by id."""
    return {template.id: template for template in builtin.builtin_templates()}


def _parse_template(table: Any, source: Source, path: KeyPath) -> PlacedTemplate | None:
    if not isinstance(table, dict):
        source.report(path, f"must be a table, not {kind_of(table)}")
        return None
    fields = include_system_message(table, source, path)
    if isinstance(fields.get("id"), str):
        fields.setdefault("name", fields["id"])
    template, _ = validate(AgentTemplate, fields, source, path)
    return None if template is None else PlacedTemplate(template, source, path)


def _where(first: PlacedTemplate, second: PlacedTemplate) -> str:
    line = first.source.line((*first.path, "id"))
    place = "in this file" if first.source is second.source else f"in {printable(str(first.source.path))}"
    return f"{place} (line {line})"


def _stand_on(
    item: PlacedTemplate, below: Mapping[str, AgentTemplate], layer: Mapping[str, PlacedTemplate]
) -> PlacedTemplate:
    template = item.template
    if template.extends is None:
        return item
    if template.extends == template.id and template.id in below:
        return replace(item, template=_merged(below[template.id], template))
    if template.extends in layer or template.extends in below:
        return item
    item.report(
        "extends",
        f'there is no template "{printable(template.extends)}"',
        nearest(template.extends, {*layer, *below} - {template.id}),
    )
    return _standing_alone(item)


def _merged(base: AgentTemplate, own: AgentTemplate) -> AgentTemplate:
    """`own` with what it leaves out taken from `base`, on which it stands no longer."""
    changes = {key: getattr(own, key) for key in own.model_fields_set if key != "extends"}
    if own.name == own.id:
        changes.pop("name")
    return base.model_copy(update=changes)


def _without_cycle(
    item: PlacedTemplate, below: Mapping[str, AgentTemplate], layer: Mapping[str, PlacedTemplate]
) -> PlacedTemplate:
    """Cut the chain of a template that comes back to itself; other chains are left as they are."""
    chain = [item.template.id]
    following = item.template.extends
    while following is not None and following not in chain:
        chain.append(following)
        template = layer[following].template if following in layer else below.get(following)
        following = template.extends if template is not None else None
    if following != item.template.id:
        return item
    item.report("extends", f"goes in a circle: {' -> '.join([*chain, following])}; it is ignored here")
    return _standing_alone(item)


def _standing_alone(item: PlacedTemplate) -> PlacedTemplate:
    return replace(item, template=item.template.model_copy(update={"extends": None}))
