using System.Text;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// Orders the levels that R's factor() makes from texts: as R sorts them in a UTF-8 locale with ICU, whichever locale the node has.
/// </summary>
/// <remarks>
/// The three levels of the Unicode collation algorithm (UTS 10) with CLDR's root order for ASCII: punctuation, digits, letters; first without
/// case and accents, then accents, then lower case before upper. Checked against R 4.2.2:
/// <c>sort(rawToChar(as.raw(32:126), multiple = TRUE))</c>. In the C locale R would sort by bytes instead.
/// </remarks>
internal sealed class Collation : IComparer<string>
{
    private const string AsciiOrder = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

    public static Collation Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Decompose(x ?? ""), Decompose(y ?? ""));
        var order = Level(a, b, IsBase, Primary);
        if (order == 0) order = Level(a, b, ch => !IsBase(ch), ch => ch);
        if (order == 0) order = Level(a, b, IsBase, ch => char.IsUpper(ch) ? 1 : 0);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static string Decompose(string text) => Ascii.IsValid(text) ? text : text.Normalize(NormalizationForm.FormD);

    private static bool IsBase(char ch) => char.GetUnicodeCategory(ch) != System.Globalization.UnicodeCategory.NonSpacingMark;

    private static int Primary(char ch)
    {
        var lower = char.ToLowerInvariant(ch);
        var at = AsciiOrder.IndexOf(lower, StringComparison.Ordinal);
        return at >= 0 ? at : AsciiOrder.Length + lower;
    }

    private static int Level(string a, string b, Func<char, bool> counts, Func<char, int> weight)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < a.Length && !counts(a[i])) i++;
            while (j < b.Length && !counts(b[j])) j++;
            if (i == a.Length || j == b.Length) return (a.Length - i).CompareTo(b.Length - j) is var rest && i == a.Length && j == b.Length ? 0 : rest;
            var order = weight(a[i++]).CompareTo(weight(b[j++]));
            if (order != 0) return order;
        }
    }
}
