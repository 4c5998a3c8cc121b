"""Why a file is not taken. Each is a sentence that tells a person what to do about it."""

from tenants.values.words import N_, Refusal


class EmptyFile(Refusal):
    sentence = N_("The file is empty.")


class FileTooLarge(Refusal):
    sentence = N_("The file is too large: it may have %(most)s MB. Split it, or leave out columns that you do not need.")


class UnknownFormat(Refusal):
    sentence = N_("This is not a table that can be read. Save it as .xlsx or .csv and choose it again.")


class OldWorkbook(Refusal):
    sentence = N_("This is a workbook of the old kind (.xls). Open it, save it as .xlsx, and choose it again.")


class OtherWorkbook(Refusal):
    sentence = N_("This is a document of another program (%(kind)s). Save the table as .xlsx or .csv and choose it again.")


class WebPage(Refusal):
    sentence = N_("This is a web page, whatever its name says. Open it in Excel or WPS, save it as .xlsx, and choose it again.")


class Encrypted(Refusal):
    sentence = N_("The workbook is protected by a password. Take the password away, save it, and choose it again.")


class BrokenFile(Refusal):
    sentence = N_("The file is damaged and cannot be read. Open it, save it anew, and choose it again.")


class Suspicious(Refusal):
    sentence = N_("The file holds things that no ordinary table has. For safety it is not read. Copy the table into a new workbook.")


class Bomb(Refusal):
    sentence = N_("The file unpacks to far more than a table of this kind needs. For safety it is not read. Copy the table into a new workbook.")


class TooManyRows(Refusal):
    sentence = N_("The table has more than %(most)s rows. Split it into several files.")


class TooManyColumns(Refusal):
    sentence = N_("The table has more than %(most)s columns. Leave out those that you do not need.")


class FarCell(Refusal):
    sentence = N_("There is something in cell %(cell)s, far away from the table. Delete it, or copy the table into a new workbook.")


class NoRows(Refusal):
    sentence = N_("There is nothing in the file below the headings.")


class TooSlow(Refusal):
    sentence = N_("Reading the file takes too long. Copy the table into a new workbook, without pictures and formulas, or split it.")


class NeedsTooMuch(Refusal):
    sentence = N_("Reading the file takes more memory than it may. Copy the table into a new workbook, without pictures and formulas, or split it.")


class UnknownEncoding(Refusal):
    sentence = N_("The text of the file cannot be made out. Save it as .xlsx, or as .csv in UTF-8.")


class NotText(Refusal):
    sentence = N_("The file holds characters that no text has. Save it as .xlsx, or as .csv in UTF-8.")


class LineTooLong(Refusal):
    sentence = N_("Row %(row)s has a cell with more than %(most)s characters, or a quotation mark that is never closed.")


class NoCards(Refusal):
    sentence = N_("There is no business card in the file.")
