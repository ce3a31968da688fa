"""What does a chart look like, in a page that allows no script, no style and no foreign host?

Horizontal bars, because they alone hold full digits, words for the nothings and the names of other
publishers at the width of a telephone. The drawing has classes and not colours: the stylesheet of
the site, dark mode, forced colours and print decide. Plain attributes make it right where there is
no stylesheet: opened alone, or set on paper.
"""

from __future__ import annotations

from cauce.exports.chart_drawing import svg
from cauce.exports.chart_reading import change_of, chart_of
from cauce.exports.chart_values import Bar, Chart, Other, Target

__all__ = ["Bar", "Chart", "Other", "Target", "change_of", "chart_of", "svg"]
