using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5;

/// <summary>A call into libhdf5 failed. The message contains the action, its object and the library's error stack.</summary>
/// <param name="message">The complete message, with the stack.</param>
/// <param name="nativeStack">The library's error stack, innermost cause last; empty if there is none.</param>
public class Hdf5Exception(string message, string nativeStack) : BadInputException(message)
{
    /// <summary>The library's error stack, innermost cause last; empty if there is none.</summary>
    public string NativeStack { get; } = nativeStack;
}
