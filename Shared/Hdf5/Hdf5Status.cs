namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Turns a negative status of libhdf5 into an <see cref="Hdf5Exception"/> with the native error stack. Call it under
/// <see cref="Native.Hdf5Library.Lock"/> together with the call it checks: the stack belongs to the process, not to a thread.
/// </summary>
public static class Hdf5Status
{
    /// <summary>Returns <paramref name="status"/> if it is not negative.</summary>
    /// <param name="status">The function's result: a status, an identifier, a count.</param>
    /// <param name="action">What was attempted, for the message: <c>open the dataset</c>.</param>
    /// <param name="subject">The file, dataset or attribute it was attempted on.</param>
    public static long Check(long status, string action, string subject)
    {
        LibraryWatch.CallReturned();
        return status >= 0 ? status : throw Failure(action, subject);
    }

    /// <inheritdoc cref="Check(long, string, string)"/>
    public static int Check(int status, string action, string subject) => (int)Check((long)status, action, subject);

    /// <summary>Whether a call that may fail succeeded; the library's error stack is cleared.</summary>
    public static bool Succeeded(int status)
    {
        LibraryWatch.CallReturned();
        if (status < 0)
            _ = Native.H5E.clear(Native.H5E.DEFAULT);
        return status >= 0;
    }

    /// <summary>The exception for a call that has just failed; takes and clears the library's error stack.</summary>
    public static Hdf5Exception Failure(string action, string subject)
    {
        var stack = Hdf5ErrorStack.Take();
        return new($"Cannot {action}: {subject}." + (stack.Length > 0 ? $"\nHDF5 reports:\n{stack}" : ""), stack);
    }
}
