from __future__ import annotations

from pathlib import Path

import pytest

from robota_tui.agents.templates import AgentTemplate, AgentTemplates
from robota_tui.config.known import KnownProviders
from robota_tui.config.problems import Problem
from robota_tui.config.source import read_source
from robota_tui.config.templates import (
    builtin_templates,
    link_templates,
    parse_template_file,
    with_known_providers,
)
from tests.config.conftest import Write

BELOW = {
    "general": AgentTemplate(id="general", name="General", temperature=0.5, tags=("a", "b")),
    "summarizer": AgentTemplate(id="summarizer", name="Summarizer"),
}


def load(*paths: Path) -> tuple[dict[str, AgentTemplate], list[Problem]]:
    sources = [read_source(path) for path in paths]
    layer = [item for source in sources for item in parse_template_file(source)]
    linked = link_templates(with_known_providers(layer, KnownProviders(["lab", "openai"])), BELOW)
    return linked, [problem for source in sources for problem in source.sorted_problems()]


def test_a_template_has_all_its_fields(write: Write) -> None:
    templates, problems = load(
        write(
            "t.toml",
            '''
            [[templates]]
            id = "coder"
            name = "Coder"
            description = "Codes."
            category = "dev"
            tags = ["x", "y"]
            extends = "general"
            version = "1.2"
            author = "me"
            provider = "lab"
            model = "qwen3"
            temperature = 1
            max_tokens = 100
            top_p = 0.9
            system_message = """
            You code."""
            ''',
        )
    )

    assert problems == []
    assert templates["coder"] == AgentTemplate(
        id="coder",
        name="Coder",
        description="Codes.",
        category="dev",
        tags=("x", "y"),
        extends="general",
        version="1.2",
        author="me",
        provider="lab",
        model="qwen3",
        temperature=1.0,
        max_tokens=100,
        top_p=0.9,
        system_message="You code.",
    )


def test_one_broken_template_of_ten_leaves_nine(write: Write) -> None:
    tables = [f'[[templates]]\nid = "t{number}"\nname = "T"\n' for number in range(10)]
    tables[4] = '[[templates]]\nname = "no id"\ntemperature = 0.3\n'

    templates, problems = load(write("t.toml", "".join(tables)))

    assert list(templates) == ["t0", "t1", "t2", "t3", "t5", "t6", "t7", "t8", "t9"]
    assert [(p.line, p.key, p.message) for p in problems] == [(13, "templates[4]", 'the key "id" is missing')]


def test_wrong_fields_are_told_and_the_template_keeps_the_others(write: Write) -> None:
    templates, problems = load(
        write(
            "t.toml",
            """
            [[templates]]
            id = "x"
            modle = "m"
            temperature = "hot"
            top_p = 3
            tags = ["a", 5]
            max_tokens = 1.5
            model = "real"
            """,
        )
    )

    assert [(p.line, p.key, p.message, p.suggestion) for p in problems] == [
        (3, "templates[0].modle", "unknown key", "model"),
        (4, "templates[0].temperature", "must be a number, not a string", ""),
        (5, "templates[0].top_p", "must be at most 1.0", ""),
        (6, "templates[0].tags[1]", "must be a string, not a whole number", ""),
        (7, "templates[0].max_tokens", "must be a whole number, not a number", ""),
    ]
    assert templates["x"] == AgentTemplate(id="x", name="x", model="real")


def test_an_id_that_cannot_be_is_told(write: Write) -> None:
    _, problems = load(write("t.toml", '[[templates]]\nid = "a b"\n'))

    assert [(p.line, p.key) for p in problems] == [(2, "templates[0].id")]


def test_what_is_no_template_at_all_is_told(write: Write) -> None:
    assert [(p.line, p.key) for p in load(write("a.toml", "templates = 5\n"))[1]] == [(1, "templates")]
    assert [(p.line, p.key) for p in load(write("b.toml", "templates = [\n5]\n"))[1]] == [(2, "templates[0]")]
    assert [(p.key, p.suggestion) for p in load(write("c.toml", "[[template]]\n"))[1]] == [
        ("template", "templates")
    ]


def test_an_extends_that_names_nothing_is_told_with_the_nearest(write: Write) -> None:
    templates, problems = load(write("t.toml", '[[templates]]\nid = "x"\nextends = "genaral"\n'))

    assert [(p.line, p.key, p.suggestion) for p in problems] == [(3, "templates[0].extends", "general")]
    assert templates["x"].extends is None


def test_a_cycle_is_told_by_its_path_and_broken_once(write: Write) -> None:
    templates, problems = load(
        write(
            "t.toml",
            """
            [[templates]]
            id = "a"
            extends = "b"
            [[templates]]
            id = "b"
            extends = "c"
            [[templates]]
            id = "c"
            extends = "a"
            [[templates]]
            id = "outside"
            extends = "c"
            """,
        )
    )

    assert [(p.line, p.key) for p in problems] == [(3, "templates[0].extends")]
    assert "a -> b -> c -> a" in problems[0].message
    registry = AgentTemplates(templates.values())
    assert {registry.resolve(template).id for template in templates} == {"a", "b", "c", "outside"}


def test_a_template_that_extends_itself_is_a_cycle_unless_it_stands_on_one_below(write: Write) -> None:
    templates, problems = load(write("t.toml", '[[templates]]\nid = "x"\nextends = "x"\n'))
    assert [(p.line, p.key) for p in problems] == [(3, "templates[0].extends")]
    assert templates["x"].extends is None

    templates, problems = load(
        write("t.toml", '[[templates]]\nid = "general"\nextends = "general"\nmodel = "m"\n')
    )
    assert problems == []
    assert templates["general"] == BELOW["general"].model_copy(update={"model": "m"})


def test_a_cycle_through_a_template_below_is_found(write: Write) -> None:
    path = write("t.toml", '[[templates]]\nid = "general"\nextends = "child"\n')
    source = read_source(path)
    below = BELOW | {"child": AgentTemplate(id="child", name="Child", extends="general")}

    linked = link_templates(parse_template_file(source), below)

    assert [problem.line for problem in source.problems] == [3]
    assert "general -> child -> general" in source.problems[0].message
    assert linked["general"].extends is None


def test_of_two_templates_with_one_id_the_first_counts_and_the_second_is_told(write: Write) -> None:
    templates, problems = load(
        write(
            "a.toml", '[[templates]]\nid = "x"\nname = "first"\n\n[[templates]]\nid = "x"\nname = "second"\n'
        ),
        write("b.toml", '[[templates]]\nid = "x"\nname = "third"\n'),
    )

    assert templates["x"].name == "first"
    assert [(Path(p.file).name, p.line, p.key) for p in problems] == [
        ("a.toml", 6, "templates[1].id"),
        ("b.toml", 2, "templates[0].id"),
    ]
    assert "(line 2)" in problems[0].message
    assert "a.toml" in problems[1].message


def test_an_unknown_provider_is_told_and_left_out_with_its_model(write: Write) -> None:
    templates, problems = load(
        write("t.toml", '[[templates]]\nid = "x"\nprovider = "labb"\nmodel = "m"\ntop_p = 0.5\n')
    )

    assert [(p.line, p.key, p.suggestion) for p in problems] == [(3, "templates[0].provider", "lab")]
    assert problems[0].message == 'there is no provider "labb"; the default one is used'
    x = templates["x"]
    assert (x.provider, x.model, x.top_p) == (None, None, 0.5)


def test_a_system_message_stands_in_a_file_beside(write: Write) -> None:
    write("prompts/coder.md", "You code.\nWell: é.\n")

    templates, problems = load(
        write("t.toml", '[[templates]]\nid = "x"\nsystem_message_file = "prompts/coder.md"\n')
    )

    assert problems == []
    assert templates["x"].system_message == "You code.\nWell: é."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"../secret.md"', "not elsewhere"),
        ('"sub/../../secret.md"', "not elsewhere"),
        ('"/etc/passwd"', "not elsewhere"),
        ("'C:\\secret.md'", "not elsewhere"),
        ('"link.md"', "out of this folder"),
        ('"linked/secret.md"', "out of this folder"),
        ('"loop.md"', "the file"),
        ('"none.md"', "does not exist"),
        ('"sub"', "is a folder"),
        ('"huge.md"', "is larger than 256 kB"),
        ('"latin.md"', "is not UTF-8"),
        ('""', "must be the name"),
        ('"a\\u0000b"', "must be the name"),
        ("5", "must be a string"),
    ],
)
def test_a_system_message_is_read_from_the_files_own_folder_only(
    write: Write, tmp_path: Path, value: str, words: str
) -> None:
    secret = write("secret.md", "secret")
    sub = tmp_path / "here" / "sub"
    sub.mkdir(parents=True)
    (tmp_path / "here" / "link.md").symlink_to(secret)
    (tmp_path / "here" / "linked").symlink_to(tmp_path)
    (tmp_path / "here" / "loop.md").symlink_to(tmp_path / "here" / "loop.md")
    write("here/huge.md", b"x" * 300_000)
    write("here/latin.md", b"\xe9")

    templates, problems = load(
        write("here/t.toml", f'[[templates]]\nid = "x"\nsystem_message_file = {value}\n')
    )

    assert [(p.line, p.key) for p in problems] == [(3, "templates[0].system_message_file")]
    assert words in problems[0].message
    assert templates["x"].system_message is None


def test_a_link_inside_the_folder_is_followed(write: Write, tmp_path: Path) -> None:
    write("real.md", "hello")
    (tmp_path / "link.md").symlink_to("real.md")

    templates, problems = load(write("t.toml", '[[templates]]\nid = "x"\nsystem_message_file = "link.md"\n'))

    assert (templates["x"].system_message, problems) == ("hello", [])


def test_a_message_and_a_file_of_one_are_told(write: Write) -> None:
    write("m.md", "from the file")
    text = '[[templates]]\nid = "x"\nsystem_message = "own"\nsystem_message_file = "m.md"\n'

    templates, problems = load(write("t.toml", text))

    assert [(p.line, p.key) for p in problems] == [(4, "templates[0].system_message_file")]
    assert templates["x"].system_message == "own"


def test_the_built_in_templates_are_complete_and_name_no_provider() -> None:
    templates = builtin_templates()

    assert {name: template.temperature for name, template in templates.items()} == {
        "general": 0.5,
        "summarizer": 0.3,
        "ethical_reviewer": 0.2,
        "creative_ideator": 0.8,
        "fast_executor": 0.1,
        "task_coordinator": 0.4,
        "domain_researcher": 0.4,
        "coder": 0.1,
        "reviewer": 0.3,
        "documenter": 0.5,
    }
    for template in templates.values():
        assert template.provider is None
        assert template.model is None
        assert template.category
        assert template.tags
        assert len(template.description) >= 10
        assert len(template.system_message or "") >= 50
