using System.CommandLine;
using HpcFit.Coordinator.Commands;
using HpcFit.Shared.Hosting;

return CommandLineProgram.Run(
    new RootCommand("Fits the same model at every element of a ModelArray HDF5 file, with R's numbers.") { RunCommand.Create(), InspectCommand.Create() },
    args);
