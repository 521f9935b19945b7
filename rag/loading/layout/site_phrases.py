"""What the furniture of sites says, as sites in English word it. Every pattern must match a whole short line.

Wording alone never condemns running text: `rag.loading.layout.sections` applies these to lines of the right shape only.
"""

from __future__ import annotations

import re

NETWORKS = frozenset(
    "facebook twitter x whatsapp telegram linkedin reddit pinterest instagram youtube tiktok threads bluesky mastodon "
    "rss email e-mail mail print".split()
)
SHARING = NETWORKS | frozenset(
    "share shares tweet post pin save bookmark like follow this article story page link links copy url on via and or to "
    "by with it us more options a".split()
)
ACTS = frozenset("share tweet pin bookmark copy follow print facebook twitter whatsapp telegram linkedin".split())

_NETWORK = (
    "(?:facebook|twitter|x|whatsapp|telegram|linkedin|instagram|youtube|tiktok|threads|bluesky|google news|apple news)"
)
_THING = "(?:article|story|post|report|text|interview|page|piece|column|version)"
_MAIL = "(?:newsletters?|inbox|mailing list|(?:e-?mail|news) alerts|updates by e-?mail|by e-?mail|whatsapp|telegram)"
_GROUP = "(?:channel|group|community|newsletter|mailing list|page|server|whatsapp|telegram|discord|facebook|instagram)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# Furniture wherever it stands.
STRONG = _any(
    rf"share(?: this)?(?: {_THING})?(?: (?:on|via|with|by) .{{1,40}})?",
    rf"(?:follow|find|like|join|connect with|message) us (?:on|at|@) {_NETWORK}.{{0,60}}",
    rf"follow .{{1,40}} on {_NETWORK}(?: .{{1,40}})?",
    rf"(?:join|follow|like|visit) our (?:[\w-]+ ){{0,4}}{_GROUP}.{{0,60}}",
    r"subscribe(?: now| today| here| for free)?",
    rf"subscribe (?:to|for|via) .{{0,60}}(?:{_MAIL}|blog|channel|podcast|updates|feed|magazine|edition|access)\b.{{0,40}}",
    rf"(?:sign up|get|receive|join|register) .{{0,90}}\b{_MAIL}\b.{{0,90}}",
    rf"(?:our|the|a) free (?:[\w-]+ ){{0,3}}{_MAIL}\b.{{0,120}}",
    r"sign up(?: now| here| today| for free)",
    r"(?:never|don't) miss (?:a|an|another|our) (?:story|article|post|beat|update|thing|issue).{0,60}",
    r"enter your e-?mail\b.{0,60}|your e-?mail(?: address)?(?: will not be published.{0,60})?",
    r"privacy notice:.{0,280}",
    r"by (?:signing up|subscribing|clicking|continuing|entering|providing|submitting) .{0,200}\b(?:agree|accept|consent)\b.{0,100}",
    r"(?:we|this (?:web)?site) uses? (?:[\w-]+ ){0,3}cookies\b.{0,200}",
    r"(?:accept|reject|manage|allow)(?: all)?(?: cookies| preferences| choices)",
    rf"{_THING} continues (?:below|after).{{0,60}}",
    r"advertisement|advertising|advertorial|ad feedback|sponsored content|paid content|promoted content|scroll to continue.{0,40}",
    r"skip (?:to|past|advert).{0,40}|jump to (?:content|navigation)",
    rf"(?:listen to|print|download|save|bookmark|e-?mail) (?:this|the) {_THING}.{{0,30}}",
    rf"(?:read|continue reading|view|see) (?:the |our )?(?:full|whole|original|complete) {_THING}.{{0,60}}",
    r"(?:continue|read|load|show|view|see) (?:reading|more)(?: (?:posts|comments|articles|stories|replies|updates|results))?|view all|see all|show all|back to top|top of page",
    r"click (?:here|to (?:share|print|e-?mail|enlarge|expand|view|open|play)).{0,80}|like this|loading",
    r".{0,80}\b(?:in|using) (?:the|our) comments?(?: section)?(?: below)?",
    r"(?:©|\(c\)|copyright ©?) ?(?:\d{4}|by |the |[\w.' -]{1,40} \d{4}).{0,200}|(?:.{0,80}\b)?all rights reserved\b.{0,120}",
    r"(?:terms|terms of (?:use|service)|terms (?:and|&) conditions|privacy policy|cookie policy|privacy|cookies)"
    r"(?: ?[|·•/] ?.{0,80})?",
    r"contact us|about us|advertise with us|reuse this content|report (?:an error|a typo|this ad)|request a correction",
    r"(?:already|not yet) an? .{0,30}(?:subscriber|member)\b.{0,60}|already have an account\b.{0,60}",
    r"(?:this|the) (?:article|story|content) is (?:for|only available to|exclusive to) .{0,40}(?:subscribers|members)\b.{0,60}",
    r"you have .{0,30}(?:articles?|stories) (?:left|remaining).{0,40}",
    r"[\d,.]+ ?k? (?:comments?|shares|views|likes|retweets|responses|reactions|replies|claps)|no comments(?: yet)?",
    r"comments? \(?\d+\)?|view \d+ comments|comments (?:are|have been) (?:closed|turned off|disabled).{0,60}",
    r"leave a (?:reply|comment).{0,40}|add (?:a|your) comment|post (?:a|your) comment|write a comment",
    r"join the (?:conversation|discussion|debate)|required fields are marked.{0,10}|log in to (?:comment|reply).{0,40}",
    r"(?:support|fund) (?:our|independent|quality|local) (?:journalism|reporting|work).{0,120}",
    r"(?:donate|become a (?:member|patron|subscriber|supporter))(?: now| today| here)?|buy (?:me|us) a coffee.{0,40}",
    r"(?:download|get) (?:our|the) (?:[\w-]+ ){0,3}app\b.{0,60}|available on (?:the )?(?:app store|google play).{0,40}",
    r"(?:tags?|filed under|tagged(?: with| as| in)?|posted in|categor(?:y|ies)|topics?|labels?|keywords?) ?: ?.{1,160}",
    r"our standards: .{0,80}|for immediate release|for release .{1,40}|embargoed (?:until|till|to) .{1,60}|ends?",
    r"(?:photo(?:graph|graphy|s)?|image|picture|illustration|video|cover|header image|featured image)s?"
    r"(?: credits?| courtesy(?: of)?| source)? ?(?::|by|©|courtesy of) ?(?:[^ .]+\.? ){0,7}[^ .]+",
    r"(?:credit|credits|getty images|shutterstock|unsplash) ?(?:: ?.{1,60}|/ ?.{1,40})?",
    r"(?:watch|listen|see also|read also|also read|read related|related|read more|read next|recommended|up next|"
    r"don't miss|more like this|in case you missed it|further reading|see more|also on .{1,30}|from the archive) ?: .{1,160}",
    r"(?:previous|next|older|newer|prev)(?: (?:article|post|story|page|entry))? ?[:»›→|] ?.{1,160}",
    r"(?:was this (?:article|page) (?:helpful|useful)|did you (?:like|enjoy) this (?:article|story|post)).{0,60}",
    r"thank(?:s| you) for (?:reading|subscribing).{0,80}|(?:if you )?spot(?:ted)? (?:an error|a mistake|a typo).{0,80}",
    r"(?:rate|print|e-?mail|download) this(?: .{1,20})?|toggle navigation|open menu|close menu|search for:?",
    r"view (?:this|it) (?:e-?mail )?(?:in|online).{0,40}|unsubscribe\b.{0,80}|update (?:your )?preferences.{0,40}",
    r"(?:forwarded|was) this (?:e-?mail|newsletter) .{0,80}|you(?: a|')re receiving this .{0,120}",
    r"(?:the )?(?:views|opinions) expressed (?:here|in this (?:article|piece|column|post)) .{0,200}",
)

# Furniture only beside other furniture: each word may also head a part of an article.
WEAK = _any(
    r"share|tweet|post|pin|save|like|email|e-mail|print|copy link|bookmark|listen|watch|reply|report|follow|gift(?: article)?",
    r"menu|home|news|sport|sports|business|opinion|culture|lifestyle|politics|world|search|topics|tags|comments?|contact|about",
    r"log ?in|sign in|sign out|register|account|my account|subscribe|newsletters?|donate|donate now|continue|close|video|photos",
    r"sign up.{0,60}|subscribe .{0,60}|follow .{0,40}|join .{0,60}",
    r"previous|next|prev|older|newer|older posts?|newer posts?|twitter|facebook|instagram|whatsapp|linkedin|telegram|rss",
    r"(?:our|a|the) (?:[\w-]+ ){0,4}newsletter .{0,120}|.{0,100}\b(?:in|to|into) your inbox\b.{0,60}",
    r"newest first|oldest first|latest first|sort by.{0,20}|careers|help|faqs?|terms|privacy|cookies|sitemap|site map|advertise|accessibility|press|shop|store|jobs",
)

# A label after which other articles are listed, or boxes of background stand.
ASIDE = _any(
    r"(?:related|recommended|popular|trending|latest|further|similar|featured|suggested)"
    r"(?: (?:articles?|stories|posts?|news|reading|content|coverage|links|reads|videos|headlines|now|today|this week|for you))?"
    r"(?: (?:from|in|on|about) .{1,40})?",
    r"(?:most|top) (?:read|viewed|popular|shared|commented|watched|stories|news|posts|articles|headlines)(?: .{1,30})?",
    r"(?:more|other|also|latest|all)(?: [\w-]+)? (?:articles?|stories|posts?|news|reading|coverage|reads|headlines)(?: .{1,40})?",
    r"more (?:from|by|in) .{1,50}|more (?:on|about) (?:this|these|the) .{1,40}|more like this|also in .{1,40}",
    r"(?:you )?(?:may|might|will|you'll) (?:also )?(?:like|enjoy|love|be interested in).{0,30}|you (?:may|might) have missed.{0,20}",
    r"(?:read|up|watch|what to read|read this|coming up) next|keep reading|in case you missed it|don't miss(?: out)?|must[- ]reads?",
    r"(?:editors?'?s?'?|our|staff) (?:picks?|choices?|recommendations?)|(?:from )?around the web|from (?:our|the) partners.{0,20}",
    r"sponsored (?:stories|links)|from the archives?|see also|related topics|what others are reading|readers also .{1,30}",
    r"(?:people|who's who|key (?:people|terms|figures|players)|mentioned) in this (?:article|story)|topics in this (?:article|story)",
    r"in this (?:article|story|issue|post|edition)|on this page|jump to section|key events",
)

# A label over questions that the site offers; only a list of questions under it makes it furniture.
ASKING = _any(
    r"(?:go|dig|dive) deeper|people also ask(?:ed)?|(?:related|suggested|follow-?up|further) questions",
    r"explore (?:more|further)|learn more|ask (?:a question|our ai|the ai|me anything|further)|questions you might have",
)

# A box on who wrote or issued the text, at the end of it.
ABOUT = _any(
    r"about the (?:authors?|writers?|reporters?|journalists?|contributors?|publication|newspaper|magazine|organi[sz]ation)",
    r"(?:media|press|news)(?: (?:and|&) \w+)? (?:contacts?|enquiries|inquiries|relations|office)\b.{0,40}",
    r"contacts?(?: (?:details|information|for (?:media|press)))?|for (?:more|further|media) (?:information|enquiries|inquiries)\b.{0,60}",
    r"notes? (?:to|for) editors?|boilerplate|safe harbou?r statement|forward-looking statements|disclosures?|disclaimer",
)
ABOUT_NAME = re.compile(
    r"About (?:(?:the|of|and|for|&|de|in) )*[A-Z][\w&.'’-]*(?: (?:(?:the|of|and|for|&|de|in)|[A-Z\d][\w&.'’-]*)){0,6}"
)

COMMENTS = _any(
    r"(?:reader |readers' )?comments?(?: ?\(?\d+\)?)?|\d+ (?:comments?|responses?|replies|thoughts?)(?: (?:to|on) .{1,120})?",
    r"(?:leave|post|add) (?:a|your) (?:reply|comment).{0,30}|join the (?:conversation|discussion|debate)|discussion|have your say",
)
COMMENT_SHAPE = _any(
    r".{1,40} (?:says|said|wrote|writes|commented)|reply|report|likes?(?: \d+)?|upvote|log ?in .{0,60}|sign in .{0,60}",
    r".{0,60}\b(?:\d+|an?|one|two|three) (?:minute|hour|day|week|month|year)s? ago(?: .{0,30})?",
    r".{0,60}\bat \d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?|sort(?:ed)? by.{0,30}|newest(?: first)?|oldest(?: first)?|view replies.{0,20}",
    r"your e-?mail address will not be published.{0,60}|.{0,20}\d+ (?:likes|replies)|please (?:be|keep) (?:civil|polite|respectful).{0,80}",
)
TAGS = _any(
    r"(?:related )?(?:tags?|topics)|filed under|categories|keywords|tagged(?: with| as| in)?|explore more on these topics"
)
NAVIGATION = _any(
    r"(?:previous|next|prev|older|newer)(?: (?:article|post|story|entry|page))?",
    r"(?:previous|next|older|newer) in .{1,40}|post navigation",
)
# Standing labels of a format: they head a part, and never name the article.
STOCK = _any(
    r"what'?s? (?:has )?happen(?:ed|ing)|what(?:'s| is) (?:new|going on)|summary|overview|in (?:brief|short)|at a glance|tl;?dr",
    r"key (?:points|takeaways|facts|findings)|highlights|the (?:big|bigger) picture|why (?:it|this) matters|background|introduction",
    r"abstract|context|the (?:latest|basics|gist|facts|news)|driving the news|what (?:to|we) know|bottom line|contents|table of contents",
    r"opinion|analysis|news|feature|features|editorial|comment|interview|review|explainer|world|politics|business|sport|culture",
    r"breaking(?: news)?|exclusive|live|press release|news release|long read|letters?|obituary|investigation|podcast|newsletter",
)


def is_share_bar(plain: str) -> bool:
    """Tell whether a line holds nothing but the words of share buttons, at least two of them."""
    words = re.findall(r"[\w-]+", plain)
    return 2 <= len(words) <= 20 and SHARING.issuperset(words) and not ACTS.isdisjoint(words)
