"""Agent templates: named, reusable descriptions of an agent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from robota_tui.agents.config import AgentConfig, MaxTokens, ModelConfig, Name, Temperature, TopP
from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.validation import problems_of, unknown_key

TemplateId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=128)]

_SHOWN = 60
"""So many characters of a value stand in a warning."""


class AgentTemplate(BaseModel):
    """A template; every field that is `None` is left to what it extends, or to the defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: TemplateId
    name: Name
    description: str = ""
    category: str | None = None
    tags: tuple[str, ...] = ()
    extends: str | None = None
    """Id of the template whose fields stand in for those that are left out here."""
    version: str | None = None
    author: str | None = None
    provider: str | None = None
    model: str | None = None
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    top_p: TopP | None = None
    system_message: str | None = None

    def to_config(
        self, default: ModelConfig | None = None, default_models: Mapping[str, str] | None = None
    ) -> AgentConfig:
        """The agent that this template describes.

        Without a provider it uses `default`: its provider, and its model unless the template names
        one. With a provider but no model it uses `default_models[provider]`. What `default` says of
        temperature and the like holds for its own provider only. Raises `ConfigurationError` where
        provider or model stay open, and for a template that still extends another.
        """
        if self.extends is not None:
            raise ConfigurationError(
                f"Template '{self.id}' extends '{self.extends}' and is not complete by itself",
                hint="Resolve it first: AgentTemplates.resolve.",
            )
        provider = self.provider or (default.provider if default else None)
        if provider is None:
            raise ConfigurationError(
                f"Template '{self.id}' names no provider, and there is no default provider",
                hint="Give the template a provider, or set default_provider.",
            )
        base = default if default is not None and default.provider == provider else None
        own: dict[str, Any] = {
            "provider": provider,
            "model": self.model or self._default_model(provider, base, default_models or {}),
        }
        for key in ("temperature", "max_tokens", "top_p"):
            value = getattr(self, key)
            own[key] = value if value is not None else getattr(base, key, None)
        own["system_message"] = base.system_message if base else None
        return AgentConfig(
            name=self.name, default_model=ModelConfig(**own), system_message=self.system_message
        )

    def _default_model(
        self, provider: str, base: ModelConfig | None, default_models: Mapping[str, str]
    ) -> str:
        # A provider that the template names itself is asked for its own default first.
        candidates = [default_models.get(provider), base.model if base else None]
        if self.provider is None:
            candidates.reverse()
        found = next(filter(None, candidates), None)
        if found is None:
            raise ConfigurationError(
                f"Template '{self.id}' names no model, and provider '{provider}' has no default model",
                hint=f"Give the template a model, or provider '{provider}' a default_model.",
            )
        return found


@dataclass(frozen=True, slots=True)
class AppliedTemplate:
    """A template with overrides laid over it."""

    template: AgentTemplate
    """Complete: what it extended is in it."""
    warnings: tuple[str, ...]
    """One sentence for each value of the template that the overrides replaced."""
    modified: bool
    """Whether the overrides changed anything at all."""


class AgentTemplates:
    """A set of templates, by id, in the order they were registered."""

    def __init__(self, templates: Iterable[AgentTemplate] = ()) -> None:
        self._templates: dict[str, AgentTemplate] = {}
        for template in templates:
            self.register(template)

    def __len__(self) -> int:
        return len(self._templates)

    def __iter__(self) -> Iterator[AgentTemplate]:
        return iter(self._templates.values())

    def __contains__(self, template_id: object) -> bool:
        return template_id in self._templates

    def register(self, template: AgentTemplate) -> AgentTemplate | None:
        """Add a template; returns the one of the same id that it replaces."""
        old = self._templates.get(template.id)
        self._templates[template.id] = template
        return old

    def unregister(self, template_id: str) -> bool:
        """Remove a template; whether there was one."""
        return self._templates.pop(template_id, None) is not None

    def clear(self) -> None:
        """Remove all templates."""
        self._templates.clear()

    def get(self, template_id: str) -> AgentTemplate | None:
        """The template as it was registered."""
        return self._templates.get(template_id)

    def all(self) -> list[AgentTemplate]:
        """All templates as they were registered."""
        return list(self._templates.values())

    def find(
        self,
        category: str | None = None,
        tags: Iterable[str] | None = None,
        provider: str | None = None,
        model: str | None = None,
    ) -> list[AgentTemplate]:
        """The templates that meet every condition given; of `tags` one is enough.

        What a template inherits counts as its own; one that cannot be resolved is judged as it stands.
        """
        wanted = {"category": category, "provider": provider, "model": model}
        asked = {key: value for key, value in wanted.items() if value is not None}
        any_tag = None if tags is None else set(tags)
        return [
            template
            for template in self._templates.values()
            if _meets(self._resolved_or_plain(template), asked, any_tag)
        ]

    def resolve(self, template: AgentTemplate | str) -> AgentTemplate:
        """The template with all it inherits, field by field, nearest first.

        Raises `NotFoundError` for an unknown one, `ConfigurationError` for a circle of `extends`.
        """
        chain = [self._require(template) if isinstance(template, str) else template]
        while (parent_id := chain[-1].extends) is not None:
            path = [link.id for link in chain]
            if parent_id in path:
                circle = " -> ".join([*path, parent_id])
                raise ConfigurationError(
                    f"Template '{chain[0].id}' extends itself: {circle}", hint="Remove one of these extends."
                )
            chain.append(self._require(parent_id, needed_by=chain[-1].id))
        fields: dict[str, Any] = {}
        for link in reversed(chain):
            fields |= {
                key: value for key in link.model_fields_set if (value := getattr(link, key)) is not None
            }
        return AgentTemplate(**{**fields, "extends": None})

    def apply(
        self, template: AgentTemplate | str, overrides: Mapping[str, Any] | None = None
    ) -> AppliedTemplate:
        """The resolved template with `overrides` laid over it, field by field.

        `overrides` are fields of a template; the model's may also stand in a mapping or `ModelConfig`
        under `default_model`. `None` takes a value away. Raises as `resolve`, and
        `ConfigurationError` for unknown keys and bad values.
        """
        base = self.resolve(template)
        changes = _flattened(overrides or {})
        try:
            applied = AgentTemplate.model_validate({**base.model_dump(), **changes})
        except ValidationError as error:
            problems = "; ".join(problems_of(error, AgentTemplate))
            raise ConfigurationError(f"Overrides of template '{base.id}': {problems}") from error
        changed = [key for key in AgentTemplate.model_fields if getattr(applied, key) != getattr(base, key)]
        warnings = [
            f"Override: {key} of template '{base.id}' is {_shown(getattr(applied, key))}"
            f" instead of {_shown(getattr(base, key))}"
            for key in changed
            if getattr(base, key) not in (None, "", ())
        ]
        return AppliedTemplate(applied, tuple(warnings), modified=bool(changed))

    def _require(self, template_id: str, needed_by: str | None = None) -> AgentTemplate:
        found = self._templates.get(template_id)
        if found is None:
            where = f"Template '{needed_by}' extends it. " if needed_by else ""
            known = ", ".join(sorted(self._templates)) or "none"
            raise NotFoundError(
                f"Template '{template_id}' not found", hint=f"{where}Known templates: {known}."
            )
        return found

    def _resolved_or_plain(self, template: AgentTemplate) -> AgentTemplate:
        try:
            return self.resolve(template)
        except (NotFoundError, ConfigurationError):
            return template


def _meets(template: AgentTemplate, asked: Mapping[str, str], any_tag: set[str] | None) -> bool:
    if any(getattr(template, key) != value for key, value in asked.items()):
        return False
    return any_tag is None or not any_tag.isdisjoint(template.tags)


def _flattened(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Overrides as fields of a template, the nested ones too; raises `ConfigurationError`."""
    flat = {key: value for key, value in overrides.items() if key != "default_model"}
    known = [key for key in AgentTemplate.model_fields if key not in ("id", "extends")]
    _refuse_unknown(flat, [*known, "default_model"], prefix="")
    nested = overrides.get("default_model") or {}
    if isinstance(nested, ModelConfig):
        nested = nested.model_dump(exclude_unset=True)
    if not isinstance(nested, Mapping):
        raise ConfigurationError("default_model must be a mapping of model fields")
    _refuse_unknown(nested, list(ModelConfig.model_fields), prefix="default_model.")
    return {**nested, **flat}


def _refuse_unknown(given: Mapping[str, Any], known: list[str], prefix: str) -> None:
    problems = [unknown_key(prefix + str(key), known) for key in given if key not in known]
    if problems:
        raise ConfigurationError("Override: " + "; ".join(problems))


def _shown(value: object) -> str:
    if value is None:
        return "left open"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
