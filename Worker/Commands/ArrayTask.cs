using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Commands;

/// <summary>The task of an array job that this process is, from the environment of its scheduler.</summary>
internal static class ArrayTask
{
    private static readonly string[] Variables = ["SLURM_ARRAY_TASK_ID", "PBS_ARRAY_INDEX", "SGE_TASK_ID", "LSB_JOBINDEX"];

    /// <summary>The variable, and its number.</summary>
    /// <param name="read">Reads a variable; null when unset.</param>
    /// <exception cref="UsageException">No scheduler has set a number, or several have set different ones.</exception>
    public static (string Variable, int Task) Find(Func<string, string?> read)
    {
        var tasks = Variables.Select(name => (Name: name, Number: Number(name, read(name)))).Where(one => one.Number is not null).ToList();
        if (tasks.Count == 0)
            throw new UsageException(
                "Which job? Give --job, or run as a task of an array job: "
                    + $"{string.Join(", ", Variables.Select(name => $"${name} {Found(read(name))}"))}."
            );
        return tasks.Select(one => one.Number).Distinct().Count() == 1
            ? (tasks[0].Name, tasks[0].Number!.Value)
            : throw new UsageException(
                $"{string.Join(" and ", tasks.Select(one => $"${one.Name} is {one.Number}"))}: give the job's number with --job."
            );
    }

    /// <summary>A task's index. Grid Engine sets 'undefined' and LSF 0 for jobs that are no arrays.</summary>
    private static int? Number(string name, string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (number > 0 || name != "LSB_JOBINDEX")
            ? number
            : null;

    private static string Found(string? text) => text is null ? "is not set" : $"is '{text}'";
}
