using System.Text;

namespace HpcFit.Shared.Files;

/// <summary>
/// Command lines on a pipe, for a worker that is started before its arguments are known: each argument as UTF-8 followed by a zero byte
/// (which no argument can contain), and one more zero byte after the last.
/// </summary>
public static class ArgumentLists
{
    /// <summary>Sends one command line.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="arguments">The arguments; none of them is empty.</param>
    public static void Write(Stream pipe, IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        pipe.Write(Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + '\0').Append("\0"))));
        pipe.Flush();
    }

    /// <summary>Waits for one command line, and reads nothing beyond it.</summary>
    /// <returns>The arguments; null when the pipe ends before they are complete.</returns>
    public static string[]? Read(Stream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        var (arguments, argument) = (new List<string>(), new List<byte>());
        for (int next; (next = pipe.ReadByte()) >= 0; )
        {
            if (next > 0)
            {
                argument.Add((byte)next);
                continue;
            }
            if (argument.Count == 0)
                return [.. arguments];
            arguments.Add(Encoding.UTF8.GetString([.. argument]));
            argument.Clear();
        }
        return null;
    }
}
