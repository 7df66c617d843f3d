namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>
/// Orders the levels that R's factor() derives from strings, as R sorts them in a UTF-8 locale with ICU, whatever the node's locale.
/// </summary>
/// <remarks>
/// The three levels of the Unicode collation algorithm (UTS 10) with CLDR's root order for ASCII: punctuation, digits, letters; first
/// without case and accents, then accents, then lower case before upper. Checked against R 4.2.2: <c>sort(rawToChar(as.raw(32:126),
/// multiple = TRUE))</c>. In the C locale R would sort by bytes instead.
/// </remarks>
internal sealed class Collation : IComparer<string>
{
    private const string AsciiOrder = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

    public static Collation Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var order = Level(a, b, Primary);
        if (order == 0)
            order = Level(a, b, Accent);
        if (order == 0)
            order = Level(a, b, ch => char.IsUpper(ch) ? 1 : 0);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    /// <summary>
    /// Accented Latin letters, each after its base letter. The programs run without ICU's tables, so string normalization covers only
    /// ASCII.
    /// </summary>
    private static readonly string[] Accented =
    [
        "aàáâãäåāăą",
        "cçćĉċč",
        "dď",
        "eèéêëēĕėęě",
        "gĝğġģ",
        "hĥ",
        "iìíîïĩīĭį",
        "jĵ",
        "kķ",
        "lĺļľ",
        "nñńņň",
        "oòóôõöōŏő",
        "rŕŗř",
        "sśŝşš",
        "tţť",
        "uùúûüũūŭůűų",
        "wŵ",
        "yýÿŷ",
        "zźżž",
    ];

    private static readonly Dictionary<char, char> BaseOf = Accented
        .SelectMany(letters => letters[1..].Select(letter => (letter, letters[0])))
        .ToDictionary(pair => pair.letter, pair => pair.Item2);

    private static int Accent(char ch) => BaseOf.ContainsKey(char.ToLowerInvariant(ch)) ? char.ToLowerInvariant(ch) : 0;

    private static int Primary(char ch)
    {
        var lower = char.ToLowerInvariant(ch);
        lower = BaseOf.GetValueOrDefault(lower, lower);
        var at = AsciiOrder.IndexOf(lower, StringComparison.Ordinal);
        return at >= 0 ? at : AsciiOrder.Length + lower;
    }

    private static int Level(string a, string b, Func<char, int> weight)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = weight(a[i]).CompareTo(weight(b[i]));
            if (order != 0)
                return order;
        }
        return a.Length.CompareTo(b.Length);
    }
}
