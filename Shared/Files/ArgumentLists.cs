using System.Text;

namespace HpcFit.Shared.Files;

/// <summary>
/// Command lines on a pipe, for a worker that was started before it was known what it is to do: each argument as UTF-8 with a zero byte
/// behind it (which no argument can hold), and one more zero byte behind the last.
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

    /// <summary>Waits for one command line, and reads nothing behind it.</summary>
    /// <returns>The arguments; null when the pipe ends before they are whole.</returns>
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
