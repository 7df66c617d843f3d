using System.Net;
using System.Net.Sockets;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>Ports for the servers that a test starts.</summary>
internal static class FreePorts
{
    /// <summary>The first of some consecutive ports on which no process listens.</summary>
    /// <param name="from">The lowest port.</param>
    /// <param name="count">How many. Test runs at the same time begin to look at different places, by their process ids.</param>
    public static int First(int from, int count)
    {
        for (var first = from + (Environment.ProcessId % 100 * count); ; first += count)
        {
            if (Enumerable.Range(first, count).All(IsFree))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
