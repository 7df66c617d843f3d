using HpcFit.ScriptHost;
using HpcFit.Shared.Functions;
using Microsoft.Win32.SafeHandles;

// The C# counterpart of bridge.R and bridge.py for custom models; started only by hpcfit-worker.
using var questions = new FileStream(new SafeFileHandle(BridgeDescriptors.Questions, ownsHandle: true), FileAccess.Read, 1 << 16);
using var answers = new FileStream(new SafeFileHandle(BridgeDescriptors.Answers, ownsHandle: true), FileAccess.Write, 0);
try
{
    return Conversation.Hold(new(questions), new(answers));
}
catch (EndOfStreamException)
{
    return 0; // the worker has closed the pipe
}
