"""An invoice as a PDF of one page, without a library: the fonts are those that every reader brings for Latin and Chinese."""

from sandbox.stripe.pages import moment, money
from sandbox.stripe.store import Thing

WIDTH, HEIGHT, MARGIN = 595, 842, 56
DIGIT = 0.556
"""Width of a digit in Helvetica, in ems."""


def invoice_pdf(invoice: Thing) -> bytes:
    page = _Page()
    page.write(20, "Invoice 账单")
    page.gap(8)
    page.write(10, f"{invoice['number']}    {moment(invoice['effective_at'])}    {invoice['status']}")
    for line in _payer(invoice):
        page.write(10, line)
    page.gap(14)
    for line in invoice["lines"]["data"]:
        page.write(10, line["description"] or "", money(line["amount"], line["currency"]))
    page.gap(10)
    for name, amount in (("Total 合计", invoice["total"]), ("Amount due 应付", invoice["amount_due"]), ("Paid 已付", invoice["amount_paid"])):
        page.write(11, name, money(amount, invoice["currency"]))
    page.gap(20)
    page.write(9, "Sandbox: no money moves. 演示环境，不产生真实款项。")
    return _file(page.content())


def _payer(invoice: Thing) -> list[str]:
    named = [invoice["customer_name"] or "", invoice["customer_email"] or ""]
    numbers = [f"{one['type']}: {one['value']}" for one in invoice["customer_tax_ids"]]
    return [line for line in [*named, *numbers, *(f"{one['name']}: {one['value']}" for one in invoice["custom_fields"] or [])] if line]


class _Page:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._y = float(HEIGHT - MARGIN)

    def gap(self, points: float) -> None:
        self._y -= points

    def write(self, size: int, text: str, right: str = "") -> None:
        self._y -= size * 1.6
        self._parts.append(f"BT /F1 {size} Tf {MARGIN} {self._y:.1f} Td <{text.encode('utf-16-be').hex()}> Tj ET")
        if right:
            x = WIDTH - MARGIN - len(right) * size * DIGIT
            self._parts.append(f"BT /F2 {size} Tf {x:.1f} {self._y:.1f} Td <{right.encode('cp1252', 'replace').hex()}> Tj ET")

    def content(self) -> bytes:
        return "\n".join(self._parts).encode("ascii")


def _file(content: bytes) -> bytes:
    """The objects of the file, and where each begins."""
    descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 8 0 R"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [7 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"{descendant} /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>".encode(),
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271"
        b" /CapHeight 737 /StemV 58 >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
