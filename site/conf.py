"""Sphinx configuration of the website. `dl-lesson site` lays out the pages and runs Sphinx."""

project = "An introduction to deep learning"
author = "the dl-lesson contributors"
copyright = author
html_title = "Introduction to deep learning"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
    "dl_lesson.authoring.website.extension",
]
lesson_instructor_view = tags.has("instructor")  # noqa: F821, Sphinx defines tags
exclude_patterns = [] if lesson_instructor_view else ["instructor/**"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
# Text reads the same in the notebook.
smartquotes = False

# The reference needs docstrings only.
autodoc_mock_imports = ["keras", "matplotlib", "pandas", "seaborn", "sklearn", "tensorflow", "tqdm"]
numpydoc_show_class_members = False
# They stand in the docstrings, in words; an array_like fills a line with names of numpy's own.
autodoc_typehints = "none"
add_module_names = False
default_role = "code"

html_theme = "sphinx_book_theme"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
templates_path = ["_templates"]
html_css_files = ["icons.css", "lesson.css"]
html_js_files = [("lesson.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
# Pictures have a width and a height for the layout; their file is no larger.
html_scaled_image_link = False
html_last_updated_fmt = None
html_permalinks_icon = "#"
copybutton_exclude = ".linenos, .gp, .go"
# Outputs are read, not copied.
copybutton_selector = "div.highlight-ipython3 pre, div.highlight-python pre, div.highlight-sh pre"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "article_header_end": ["view-switch.html", "article-header-buttons.html"],
    "logo": {"text": html_title},
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    # Else a second search button stands above the page.
    "navbar_persistent": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
