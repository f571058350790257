"""StreamField blocks for guide pages. Presentation is in ``templates/microacq_pages/blocks/``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["bold", "italic", "code", "link", "document-link", "ol", "ul"]


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = _("Question and answer")


class QuestionsBlock(blocks.StructBlock):
    """Questions that unfold one by one."""

    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Frequently asked questions")
        template = "microacq_pages/blocks/questions.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, required=False)

    class Meta:
        icon = "tick"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    """Numbered steps of something to do."""

    steps = blocks.ListBlock(StepBlock(), label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "microacq_pages/blocks/steps.html"


class ExampleBlock(blocks.StructBlock):
    """An example set apart from the text, such as an answer that passes."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "openquote"
        label = _("Example")
        template = "microacq_pages/blocks/example.html"


class CalloutBlock(blocks.StructBlock):
    """Something the reader must not miss."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Important note")
        template = "microacq_pages/blocks/callout.html"


class BodyBlock(blocks.StreamBlock):
    """Everything a guide page may hold."""

    heading = blocks.CharBlock(
        label=_("Heading"), icon="title", max_length=120, template="microacq_pages/blocks/heading.html"
    )
    paragraph = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=["h3", "h4", *TEXT_FEATURES])
    steps = StepsBlock()
    questions = QuestionsBlock()
    example = ExampleBlock()
    callout = CalloutBlock()
