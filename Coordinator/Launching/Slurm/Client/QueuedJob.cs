using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>A job in the queue.</summary>
/// <param name="Id">Its id; an array's for each of its tasks.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct QueuedJob(int Id, string Name)
{
    /// <summary>The output format requested from squeue: the name comes last, since it may contain any character.</summary>
    public const string Format = "%F|%U|%j";

    private const int Fields = 3;

    /// <summary>The jobs of one user in squeue's output, each once. Lines of another form (a banner, a header) are ignored.</summary>
    public static IReadOnlyList<QueuedJob> Parse(string output, uint user) =>
        [
            .. output
                .Split('\n')
                .Select(line => line.Split('|', Fields))
                .Where(fields => fields.Length == Fields && Number(fields[0]) is not null && Number(fields[1]) == user)
                .Select(fields => new QueuedJob((int)Number(fields[0])!, fields[2].Trim()))
                .Distinct(),
        ];

    private static long? Number(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>A job, or a task of one, that is to be cancelled.</summary>
/// <param name="Id">The id that sbatch gave.</param>
/// <param name="Name">The name under which it was submitted.</param>
/// <param name="Task">The task; null: the whole job.</param>
internal sealed record CancelledJob(int Id, string Name, int? Task = null)
{
    /// <summary>The argument of scancel: <c>12</c>, <c>12_3</c>.</summary>
    public string Text => Task is { } task ? $"{Id}_{task}" : $"{Id}";
}
