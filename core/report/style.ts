/** The style sheet of the pages. Colours repeat what words and shapes already say. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f5f4f0;--paper:#fff;--ink:#1b1e22;--muted:#5a626d;--line:#e3e0d9;--soft:#f7f6f2;
--treat:#285f94;--treat-soft:#9dbdda;--control:#8b8f96;--ok:#2a6b45;--caution:#855400;--alert:#a3252b;--info:#2f5478;
--band:#eef3f8}
@media (prefers-color-scheme:dark){:root{--bg:#101214;--paper:#181b1f;--ink:#e9e7e2;--muted:#a4abb4;--line:#30353b;
--soft:#1e2226;--treat:#86b6e6;--treat-soft:#3f6488;--control:#868c95;--ok:#7cc79c;--caution:#e3b45f;--alert:#f39490;
--info:#9cc0e4;--band:#1b242d}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums lining-nums}
main{max-width:1120px;margin:0 auto;padding:40px 48px 56px;background:var(--paper);min-height:100vh;border:solid var(--line);border-width:0 1px}
h1{font-size:30px;line-height:1.2;margin:2px 0 6px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.3;margin:0 0 4px;letter-spacing:-.005em}
h3{font-size:15px;margin:24px 0 2px}
p{margin:0 0 10px;max-width:76ch}
p,li,h3,figcaption,caption,tbody th,td:not(.num){overflow-wrap:anywhere}
a{color:var(--treat);text-underline-offset:2px}
.legend+.note,p.note{margin-top:14px}
section{margin-top:40px;padding-top:28px;border-top:1px solid var(--line)}
.eyebrow{color:var(--muted);font-size:13px;letter-spacing:.02em;margin:0}
.facts{color:var(--muted);margin:0;max-width:none}
.lead,.note{color:var(--muted)}
.note{font-size:13px;line-height:1.45;max-width:110ch}
.icon{width:1.15em;height:1.15em;flex:none;vertical-align:-.2em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.ok{color:var(--ok)}.caution{color:var(--caution)}.alert{color:var(--alert)}.info,.not_checked{color:var(--muted)}
.band{margin-top:24px;padding:22px 26px;background:var(--band);border-left:6px solid var(--info)}
.band.ok{border-color:var(--ok)}.band.caution{border-color:var(--caution)}.band.alert{border-color:var(--alert)}
.band .word{display:flex;gap:12px;align-items:center;font-size:25px;line-height:1.2;font-weight:700;letter-spacing:-.01em;margin:0 0 8px;max-width:none}
.band.info .word{color:var(--info)}
.band .because{color:var(--ink);font-size:17px;line-height:1.45;margin:0;max-width:80ch}
.band ul{margin:12px 0 0;padding-left:20px;color:var(--ink)}
.band li{margin:3px 0;max-width:100ch}
.chips{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:10px;list-style:none;margin:14px 0 0;padding:0}
.chips li{min-width:0}
.chips details{border:1px solid var(--line);border-radius:6px;background:var(--soft);height:100%}
.chips summary{display:flex;gap:9px;align-items:flex-start;padding:10px 12px;cursor:pointer;list-style:none}
.chips summary::-webkit-details-marker{display:none}
.chips summary .icon{margin-top:3px}
.chips summary span{min-width:0;overflow-wrap:anywhere;color:var(--ink);display:block;line-height:1.4}
.chips summary b{display:block;font-weight:600}
.chips summary i{font-style:normal;color:var(--muted);font-size:13px}
.chips details p{padding:0 12px 10px 39px;margin:0;color:var(--ink);font-size:14px}
dl{display:grid;grid-template-columns:minmax(150px,max-content) 1fr;gap:0;margin:12px 0 0}
dt,dd{padding:6px 0;border-bottom:1px solid var(--line);margin:0}
dt{color:var(--muted);padding-right:28px}
dd{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin-top:12px;font-size:14px}
caption{text-align:left;color:var(--muted);font-size:13px;padding-bottom:8px;line-height:1.45}
th{text-align:left;font-weight:600;font-size:12.5px;color:var(--muted);vertical-align:bottom;line-height:1.3}
th,td{padding:9px 14px 9px 0;border-bottom:1px solid var(--line)}
td{vertical-align:middle}
th:last-child,td:last-child{padding-right:0}
tbody th{font-size:14px;color:var(--ink);vertical-align:middle;min-width:128px}
tbody th span,td span.sub{display:block;font-weight:400;font-size:12.5px;color:var(--muted);line-height:1.4}
.num{text-align:right;white-space:nowrap}
.num .sub{white-space:nowrap}
.num .basis{white-space:normal;min-width:92px}
td.why{min-width:150px;color:var(--muted);font-size:13px;line-height:1.4}
.plot{width:30%;min-width:170px;padding-top:0;padding-bottom:0}
svg.bar{display:block;overflow:visible}
.zero{stroke:var(--ink);stroke-width:1;opacity:.55}
.reference{stroke:var(--treat);stroke-width:1.5;stroke-dasharray:1 4;stroke-linecap:round}
.margin{stroke:var(--alert);stroke-width:1.5;stroke-dasharray:4 3}
.inner{stroke:var(--treat);stroke-width:7;stroke-linecap:butt;opacity:.55}
.wings{stroke:var(--treat);stroke-width:1.5}
.arrow{fill:none;stroke-width:1.5;opacity:1}
.dot{fill:var(--treat);stroke:var(--paper);stroke-width:1.5}
.shrunken{fill:var(--paper);stroke:var(--treat);stroke-width:1.5}
.axis{position:relative;height:15px;font-weight:400;font-size:11.5px;color:var(--muted)}
.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.axis .first{transform:none}.axis .last{transform:translateX(-100%)}
td .axis{display:none}
.share{display:block;height:9px;overflow:visible;margin-top:3px}
.share rect{fill:var(--treat)}.share.control rect{fill:var(--control)}
.share rect.rest,.share.control rect.rest{fill:none;stroke:var(--line)}
.of{color:var(--muted);font-size:12.5px;margin-left:4px}
.verdict{font-weight:600;white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:10px 0 0;padding:0;list-style:none;font-size:12.5px;color:var(--muted)}
.legend svg{width:34px;height:14px;vertical-align:-3px;margin-right:6px;overflow:visible}
figure{margin:16px 0 0}
figcaption{color:var(--muted);font-size:13px;max-width:80ch}
.time{display:grid;grid-template-columns:auto 1fr;gap:0 8px;margin-top:10px;font-size:11.5px;color:var(--muted)}
.time .y{position:relative;height:200px;min-width:62px}
.time .y span{position:absolute;right:0;transform:translateY(-50%);white-space:nowrap}
.time svg{display:block;width:100%;height:200px;overflow:visible}
.time .x{grid-column:2;display:flex;justify-content:space-between;padding-top:4px}
.bandarea{fill:var(--treat-soft);opacity:.35}
.path{fill:none;stroke:var(--treat);stroke-width:2}
.grid{stroke:var(--line);stroke-width:1}
dl.answers{grid-template-columns:minmax(190px,max-content) 1fr}
.answers dt{color:var(--ink);font-weight:600}
.deviations{border:1px solid var(--alert);border-left-width:6px;border-radius:4px;padding:10px 14px;margin:12px 0}
.deviations p{color:var(--alert);margin:0}.deviations ul{margin:6px 0 0;padding-left:20px}
.warn{border-left:4px solid var(--caution);padding:2px 0 2px 12px;margin:10px 0}
.warn b{color:var(--caution)}
.days{display:block;overflow:visible;margin-top:10px}.days rect{fill:var(--treat-soft)}
.ends{display:flex;justify-content:space-between;font-size:11.5px;color:var(--muted);padding-top:4px}
td.chance .sub{white-space:normal;max-width:112px;margin-left:auto}
pre{margin:6px 0 0;padding:12px 14px;background:var(--soft);border:1px solid var(--line);overflow-x:auto;max-width:100%}
pre code{overflow-wrap:normal;white-space:pre}
.source{margin-left:18px}
details.fold>summary{cursor:pointer;color:var(--muted);margin-top:12px}
.definitions dt{color:var(--ink);font-weight:600}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
footer{margin-top:40px;padding-top:16px;border-top:1px solid var(--line);color:var(--muted);font-size:13px}
@media screen and (max-width:1060px){
main{padding:24px 18px 40px;border:0}
h1{font-size:24px}
.band{padding:18px 16px}.band .word{font-size:21px}.band .because{font-size:16px}
dl,dl.answers{grid-template-columns:1fr}td.chance .sub{max-width:none}dt{border:0;padding-bottom:0}dd{padding-top:0}
table,tbody,tr,th,td{display:block}
caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{border-bottom:1px solid var(--line);padding:10px 0}
tbody th,td,td.num{border:0;overflow-wrap:anywhere;min-width:0;padding:3px 0;text-align:left;white-space:normal}
td[data-label]{display:grid;grid-template-columns:minmax(104px,34%) 1fr;gap:10px}
td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:13px}
.num .sub,td span.sub{white-space:normal}
.plot{width:100%;min-width:0}
td.plot[data-label]{grid-template-columns:1fr;gap:0}
td .axis{display:block}
.verdict{white-space:normal}}
@media print{
:root{color-scheme:light;--bg:#fff;--paper:#fff;--ink:#000;--muted:#444;--line:#bbb;--soft:#fff;--treat:#285f94;--treat-soft:#9dbdda;
--control:#777;--ok:#2a6b45;--caution:#855400;--alert:#a3252b;--info:#2f5478;--band:#fff}
body{font-size:10.5pt}
main{max-width:none;padding:0;border:0}
.band,.inner,.share rect,.bandarea,.dot{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.band{border-width:1px 1px 1px 6px;border-style:solid}.band.info{border-color:var(--info)}
table{font-size:8.5pt}th,td{padding-right:9px}th,tbody th span,td span.sub,.num .sub,.axis{font-size:7.5pt;white-space:normal}
tbody th{min-width:84px;font-size:8.5pt}.plot{width:26%;min-width:120px}td.why{min-width:90px;font-size:7.5pt}.of{font-size:7.5pt}.verdict{white-space:normal}.num{white-space:normal}
details::details-content{content-visibility:visible;height:auto}
details.source::details-content{content-visibility:hidden;height:0}
.chips{grid-template-columns:1fr 1fr}
section,tr,figure,.chips li{break-inside:avoid}
section.long{break-inside:auto}
h2,h3,caption{break-after:avoid}
@page{margin:14mm}}
`;
