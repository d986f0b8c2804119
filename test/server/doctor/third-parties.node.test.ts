import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkThirdParties } from '../../../src/server/doctor/third-parties.ts';
import { pageWith, SITE } from './page.ts';

const found = (html: string, headers = {}): string => {
  const { outcome, detail = '' } = checkThirdParties(pageWith(headers, html), [SITE]);
  return `${outcome} ${detail}`.trim();
};

const LOADED: readonly string[] = [
  '<script src=https://cdn.example/x.js></script>',
  '<script async\nsrc = "//cdn.example/x.js"></script>',
  '<img alt="a > b" src="https://cdn.example/a.png">',
  '<img src="https&#58;//cdn.example/a.png">',
  '<img src="&#x68;ttps:&sol;&sol;cdn.example/a.png">',
  '<img srcset="https://cdn.example/a.png 2x">',
  '<img srcset="/a.png 1x, https://cdn.example/b.png 2x">',
  '<source srcset="/a.png 100w,https://cdn.example/b.png 200w">',
  '<link rel=preload as=image imagesrcset="https://cdn.example/a.png 2x">',
  '<link rel="Alternate Stylesheet" href="https://cdn.example/x.css">',
  '<link href="https://cdn.example/icon.png" rel="shortcut icon">',
  '<link rel="dns-prefetch" href="//cdn.example">',
  '<video poster="https://cdn.example/a.png"></video>',
  '<object data="https://cdn.example/a.svg"></object>',
  '<embed src="https://cdn.example/a.svg">',
  '<input type=image src="https://cdn.example/a.png">',
  '<frame src="https://cdn.example/">',
  '<body background="https://cdn.example/a.png">',
  '<svg><image xlink:href="https://cdn.example/a.png"/></svg>',
  '<svg><use href="https://cdn.example/a.svg#x"/></svg>',
  '<a href="/next" ping="https://cdn.example/ping">',
  '<iframe srcdoc="<img src=https://cdn.example/a.png>"></iframe>',
  "<iframe srcdoc='&lt;script src=&quot;https://cdn.example/x.js&quot;>&lt;/script>'></iframe>",
  '<meta http-equiv="refresh" content="0; url=https://cdn.example/">',
  '<base href="https://cdn.example/">',
  '<p style="background: url(https://cdn.example/a.png)">',
  '<p style="background: url(&quot;https://cdn.example/a.png&quot;)">',
  '<style>p { background: image-set("https://cdn.example/a.png" 2x) }</style>',
  "<style>@import '//cdn.example/x.css';</style>",
  '<script type="module">import "https://cdn.example/x.js"</script>',
  '<script type="module">import { a } from\'https://cdn.example/x.js\'</script>',
  '<script type="module">export * from "//cdn.example/x.js"</script>',
  '<script>import(`https://cdn.example/x.js`)</script>',
  '<script>importScripts("https://cdn.example/x.js")</script>',
  '<script>new WebSocket("wss://cdn.example/")</script>',
  '<script>fetch( "https://cdn.example/hit")</script>',
  '<script>navigator.sendBeacon("https://cdn.example/hit")</script>',
  '<script>request.open("GET", "https://cdn.example/hit")</script>',
  '<script>if (1<2) s.src = "https://cdn.example/x.js?id="+id</script>',
  '<script>s.setAttribute("src", "https://cdn.example/x.js")</script>',
  '<script type="importmap">{ "imports": { "lit": "https://cdn.example/lit.js" } }</script>',
];

const OWN: readonly string[] = [
  '<a href="https://elsewhere.example/">a link</a>',
  '<link rel="canonical" href="https://elsewhere.example/">',
  '<link rel="profile" href="https://gmpg.example/xfn/11">',
  '<script src="/x.js"></script><img srcset="/a.png 1x, b.png 2x">',
  '<img src="https://beratung.example/a.png"><img src="data:image/png;base64,AAAA">',
  '<script>const more = "https://elsewhere.example/help"</script>',
  '<script type="module">import "/x.js"</script>',
  '<form action="https://elsewhere.example/"></form>',
];

describe('what a page loads', () => {
  for (const html of LOADED)
    it(`is of a third party: ${html}`, () => assert.equal(found(html), 'third-parties.found cdn.example'));

  for (const html of OWN) it(`is its own: ${html}`, () => assert.equal(found(html), 'third-parties.none'));

  for (const [link, outcome] of [
    ['<https://cdn.example/x.css>; as=style; rel="preload"', 'third-parties.found cdn.example'],
    [
      '</a.css>; rel=preload, <https://cdn.example>; crossorigin; rel="dns-prefetch preconnect"',
      'third-parties.found cdn.example',
    ],
    ['<https://elsewhere.example/>; rel=canonical', 'third-parties.none'],
  ] as const)
    it(`is told by the header Link: ${link}`, () => assert.equal(found('', { Link: link }), outcome));
});
