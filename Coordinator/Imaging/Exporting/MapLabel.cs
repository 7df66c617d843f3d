using System.Text;
using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>What a map contains, as its own header records it.</summary>
/// <param name="Name">The map's name.</param>
/// <param name="Description">One line: the result, the formula, the program.</param>
/// <param name="ShortDescription">The same, cut to NIfTI's field <c>descrip</c>.</param>
/// <param name="Type">The type of its samples.</param>
internal sealed record MapLabel(string Name, string Description, string ShortDescription, SampleType Type = SampleType.Float32)
{
    private const string Ellipsis = "...";
    private const int MaxBytes = NiftiFields.DescriptionBytes - 1;

    /// <summary>A map of an analysis.</summary>
    /// <param name="name">The map's name.</param>
    /// <param name="what">What it shows.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="record">What is stored about the fit.</param>
    /// <param name="type">The type of its samples.</param>
    public static MapLabel OfAnalysis(string name, string what, string analysis, AnalysisRecord record, SampleType type)
    {
        var model = record.Value("formula") is { Length: > 0 } formula ? formula : "analysis " + analysis;
        var program = record.Value("version") is { } version ? $"; HpcFit {version}, run {record.Value("run")}" : "";
        return new(name, $"{what}; {model}{program}", Short($"{what}; ", model), type);
    }

    /// <summary>One subject of a scalar.</summary>
    public static MapLabel OfScalar(string name, string source) => new(name, source, Short(source, ""));

    /// <summary>What is shown is kept rather than the formula, whose end is replaced by dots.</summary>
    private static string Short(string what, string model)
    {
        if (Encoding.UTF8.GetByteCount(what + model) <= MaxBytes)
            return what + model;
        var room = MaxBytes - Encoding.UTF8.GetByteCount(what) - Ellipsis.Length;
        return room > 0 ? what + Cut(model, room) + Ellipsis : Cut(what, MaxBytes - Ellipsis.Length) + Ellipsis;
    }

    private static string Cut(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes -= rune.Utf8SequenceLength) < 0)
                break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }
}
