using HpcFit.Coordinator.Launching.Schedulers;

namespace HpcFit.Coordinator.Tests.Launching.Schedulers;

/// <summary>The descriptions of deploy/schedulers.</summary>
internal static class Descriptions
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "schedulers", $"{name}.json");

    public static SchedulerDescription Read(string name) => DescriptionFile.Read(PathOf(name));

    public static SchedulerSettings Settings(string name) =>
        new()
        {
            Scheduler = Read(name),
            Job = new()
            {
                MemoryBytes = 500 << 20,
                Time = TimeSpan.FromSeconds(90),
                Threads = 2,
            },
            Advance = new()
            {
                MemoryBytes = 900 << 20,
                Time = TimeSpan.FromHours(1),
                Threads = 1,
            },
            Coordinator = "/opt/hpcfit/hpcfit",
            Worker = "/opt/hpcfit/hpcfit-worker",
        };
}
