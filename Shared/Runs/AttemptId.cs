using System.Globalization;

namespace HpcFit.Shared.Runs;

/// <summary>One execution of a job. Its text, <c>0001-00012-3f9a6c01</c>, names its partial, log and progress file.</summary>
/// <param name="Round">The job's round.</param>
/// <param name="Job">The job.</param>
/// <param name="Nonce">Eight random hexadecimal digits: two attempts of one job, even on two nodes, never share a file.</param>
public readonly record struct AttemptId(RoundId Round, JobId Job, string Nonce)
{
    /// <summary>A new attempt of a job.</summary>
    public static AttemptId New(RoundId round, JobId job) => new(round, job, HpcFit.Shared.Files.Nonce.Hex(4));

    /// <summary>Reads what <see cref="ToString"/> wrote; null for any other text.</summary>
    public static AttemptId? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('-');
        return
            parts.Length == 3
            && parts[2].Length == 8
            && parts[2].All(char.IsAsciiHexDigitLower)
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? new(new(round), new(job), parts[2])
            : null;
    }

    /// <summary>The identifier's text, which <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Round}-{Job.Value:D5}-{Nonce}";
}
