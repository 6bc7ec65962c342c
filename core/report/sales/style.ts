/** What a sales page adds to the style all reports share. Colours repeat what words and dashes already say. */
export const SALES_STYLE = `
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:24px 0 0}
.figures div{background:var(--band);padding:14px 18px;border-radius:6px;min-width:0}
.figures dt{border:0;padding:0;font-size:13px}
.figures dd{border:0;padding:0;font-size:24px;font-weight:700;letter-spacing:-.01em;overflow-wrap:anywhere}
.time{margin-top:18px}
.salesbars rect{fill:var(--treat)}
.line{fill:none;stroke:var(--treat);stroke-width:2}
.s1{stroke:var(--caution);stroke-dasharray:7 3}.s2{stroke:var(--ok);stroke-dasharray:2 3}
.s3{stroke:var(--alert);stroke-dasharray:10 3 2 3}.s4{stroke:var(--control)}.s5{stroke:var(--ink);stroke-dasharray:5 5}
td.wide{width:34%;min-width:120px}
tfoot th,tfoot td{font-weight:700;color:var(--ink);border-bottom:0;font-size:14px}
tr.unknown th,tr.unknown td{background:var(--soft)}
@media screen and (max-width:1060px){tfoot{display:block}dl.figures{grid-template-columns:1fr 1fr}.figures dd{font-size:20px}td.wide{width:auto}}
@media print{.salesbars rect,.share rect{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
