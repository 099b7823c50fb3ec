import pytest

from dlbook.plots.theme import DARK_TEXT, LIGHT_TEXT, PALETTE, VIOLET, template

WHITE, DARK_PAGE = "#ffffff", "#14181e"  # backgrounds of the theme's light and dark pages


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("color", [*PALETTE, VIOLET])
@pytest.mark.parametrize("page", [WHITE, DARK_PAGE])
def test_every_color_can_be_seen_on_light_and_dark_pages(color, page):
    assert contrast(color, page) >= 3


def test_text_can_be_read():
    assert contrast(LIGHT_TEXT, WHITE) >= 7
    assert contrast(DARK_TEXT, DARK_PAGE) >= 7


def test_templates_differ_only_in_color():
    light, dark = template().to_plotly_json(), template(dark=True).to_plotly_json()
    assert light["layout"]["font"] != dark["layout"]["font"]
    assert light["layout"]["margin"] == dark["layout"]["margin"]


def test_figures_in_notebooks_stand_on_white_and_those_in_pages_on_the_page():
    assert template().layout.paper_bgcolor == WHITE
    assert template(paper="rgba(0,0,0,0)").layout.paper_bgcolor == "rgba(0,0,0,0)"
