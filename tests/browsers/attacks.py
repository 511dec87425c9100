"""What a page of another origin can have a browser send to a site, as scripts that take an address."""

_FORM = (
    "const form = document.createElement('form'); form.method = 'post'; form.action = url; document.body.append(form);"
)

FORM = f"url => {{ {_FORM} form.submit() }}"
FETCH = "url => { fetch(url, {method: 'post', mode: 'no-cors', credentials: 'include'}) }"
# A frame without an origin: its form says "Origin: null".
SANDBOXED_FORM = """url => {
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-forms allow-top-navigation allow-scripts';
    frame.srcdoc = `<form method="post" target="_top" action="${url}"></form>
        <script>document.forms[0].submit()</script>`;
    document.body.append(frame);
}"""
LINK = "url => { const link = document.createElement('a'); link.href = url; document.body.append(link); link.click() }"
