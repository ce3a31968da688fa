"""What people must be able to do with this site, and which test proves each part of it.

1. Not public is not seen. Pages, tables and files below the invented framework:
   ``web/test_taking.py``; pages of figures, comparisons and folders: ``web/test_figures.py``;
   commitments, money, memberships, sources, changes, search: the section's own module in ``web``;
   every operation of the interface: ``api/test_audience.py``; totals, owners and members:
   ``packs/test_demonstration.py``, ``figures/test_release.py``. Here,
   ``test_not_public_is_not_seen``: every operation, search, feed and trace over the invented
   framework, and its owner, who sees it marked.
2. Spanish first and whole. The first address: ``web/test_pages.py``; the words of the issued sheet:
   ``statements``. Here, ``test_plain_small_and_useful``: titles, keys, sentences that are the same
   in two languages, the language switch with page, question and date.
   ``test_files_in_a_language``: workbooks; paper: ``statements/test_pdf.py``.
3. Home in one screen. What each card says: ``web/test_home.py``; what stands in the window, the
   names that are heard, the eleven tiles and their table: ``browser/test_browser.py``.
4. Two clicks to the evidence. By clicking: ``browser/test_browser.py``; one trace word by word:
   ``statements/test_sheets.py``. Here, ``test_two_clicks``: every figure, in three languages.
5. Five different nothings. As values: ``exports/test_figure_grid.py``, ``test_picture.py`` (the
   picture), ``test_quoting.py``. Here, ``test_five_nothings``: one table of the invented framework
   on the page, as it is heard, as text, CSV, JSON, workbook and on paper.
6. Past dates are unmistakable. Values of 2022: ``web/test_pages.py``; the five published values and
   the part of a year: ``web/test_figures.py``. Here, ``test_past_dates``: the band on every page,
   the chart of 2021, both dates, no invented day.
7. Take it away. ``web/test_taking.py``, ``exports/test_grid.py`` (equal to the JSON, harmless
   text), ``exports/test_picture.py`` (what it shows, how much it weighs, what is invented).
8. Two years side by side. ``web/test_figures.py``: −19.7 %, the refusal, two dates, two places.
9. Small, slow, paper, off-line. Widths, no JavaScript, no foreign host, the saved sheet and its two
   pages: ``browser/test_browser.py``; its foot: ``statements/test_pdf.py``. Here,
   ``test_plain_small_and_useful``: the weight of every kind of page.
10. Plain words, useful errors. Words and link names: ``web/test_pages.py``; axe and keyboard:
    ``browser/test_browser.py``; broken packs: ``packs/test_broken_packs.py``. Here,
    ``test_plain_small_and_useful``: what an error says, on every kind of page.

Contributors: ``test_plain_small_and_useful`` reads the Makefile and the README; ``.ci/run`` runs
``make check`` and prints how long each step took.
"""

from __future__ import annotations
