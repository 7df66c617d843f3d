using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5;

/// <summary>A call into libhdf5 failed. The message says what was done with what, then the library's own error stack.</summary>
/// <param name="message">The whole message, with the stack.</param>
/// <param name="nativeStack">The library's error stack, innermost cause last; empty when it left none.</param>
public class Hdf5Exception(string message, string nativeStack) : BadInputException(message)
{
    /// <summary>The library's error stack, innermost cause last; empty when it left none.</summary>
    public string NativeStack { get; } = nativeStack;
}
